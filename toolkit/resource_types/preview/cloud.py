"""A cloud that makes nothing and answers as if it had."""

from collections.abc import Mapping
from typing import Any

from toolkit.resource_types.preview.answers import BY_FUNCTION
from toolkit.resource_types.preview.aws import BY_TYPE
from toolkit.resource_types.preview.new import New
from toolkit.resource_types.preview.place import Place, place_of
from toolkit.stacks.provider import Created
from toolkit.stacks.unknown import UNKNOWN, unknown_paths, with_placeholders, without_placeholders


class ImaginedCloud:
    """A cloud that makes nothing and answers as if it had; what it cannot know is unknown."""

    dry_run_only = True

    def __init__(self, place: Place) -> None:
        self._place = place

    def create(self, type: str, name: str, inputs: Mapping[str, Any], provider: Mapping[str, Any]) -> Created:
        """The id and the computed outputs that this resource would have; none for a type that is not modelled."""
        imagine = BY_TYPE.get(type)
        if imagine is None:
            return Created("")
        place = place_of(provider, self._place)
        own = inputs.get("region")  # a resource may name another region than the provider's
        region = own if isinstance(own, str) and own else place.region
        # What comes from something unknown is unknown too: a text marks it on its way through names and ARNs.
        marked: dict[str, Any] = with_placeholders(inputs)
        try:
            made = imagine(New(Place(region, place.account), type, name, marked))
        except KeyError as error:
            raise LookupError(f"{error.args[0]} is not given") from None
        identity = without_placeholders(made.id)
        return Created("" if identity is UNKNOWN else identity, without_placeholders(made.outputs))

    def invoke(self, token: str, args: Mapping[str, Any], provider: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What the function returns, where that is known without asking AWS."""
        answer = BY_FUNCTION.get(token)
        if answer is None or any(unknown_paths(args)):
            return None
        return answer(place_of(provider, self._place), args, provider)
