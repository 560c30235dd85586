"""Registers resources without AWS: their ids and computed outputs are placeholders in AWS's form."""

from collections.abc import Mapping
from typing import Any

from toolkit.resource_types.automatic_names import AutomaticNames
from toolkit.resource_types.lookup import resource_type
from toolkit.resource_types.outputs.functions import BY_FUNCTION
from toolkit.resource_types.outputs.new_resource import NewResource
from toolkit.resource_types.outputs.place import Place, place_of
from toolkit.stacks.marks import UNKNOWN, unknown_paths, with_placeholders, without_placeholders
from toolkit.stacks.provider import Created


class PreviewProvider:
    """Returns the outputs of a preview, the same in every run; what it cannot know is unknown."""

    dry_run_only = True

    def __init__(self, place: Place) -> None:
        self._place = place

    def create(
        self, type: str, name: str, inputs: Mapping[str, Any], provider: Mapping[str, Any], names: AutomaticNames
    ) -> Created:
        """Return the id and the computed outputs of a resource; none for a type whose record has no preview."""
        record = resource_type(type)
        if record.preview is None:
            return Created("")
        place = place_of(provider, self._place)
        own = inputs.get("region")  # a resource may name another region than the provider's
        region = own if isinstance(own, str) and own else place.region
        # An output made of an unknown input is unknown too: a text marks the input within names and ARNs.
        marked: dict[str, Any] = with_placeholders(inputs)
        try:
            new = NewResource(Place(region, place.account), type, name, marked, names.of(type), record.name)
            made = record.preview(new)
        except KeyError as error:
            raise LookupError(f"{error.args[0]} is not given") from None
        id = without_placeholders(made.id)
        return Created("" if id is UNKNOWN else id, without_placeholders(made.outputs))

    def invoke(self, token: str, args: Mapping[str, Any], provider: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the result of a function; None where only AWS knows it."""
        function = BY_FUNCTION.get(token)
        if function is None or any(unknown_paths(args)):
            return None
        return function(place_of(provider, self._place), args, provider)
