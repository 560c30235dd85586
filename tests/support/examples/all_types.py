"""An example of every resource type that the local provider knows."""

from collections.abc import Mapping

from tests.support.examples import access, delivering, founding, fronting, naming, serving, storage, watching
from tests.support.examples.parents import Maker

EXAMPLES: Mapping[str, Maker] = {
    **access.EXAMPLES,
    **delivering.EXAMPLES,
    **founding.EXAMPLES,
    **fronting.EXAMPLES,
    **naming.EXAMPLES,
    **serving.EXAMPLES,
    **storage.EXAMPLES,
    **watching.EXAMPLES,
}
