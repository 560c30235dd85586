"""Parameters of Systems Manager."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import ssm as types

_METADATA = ("allowedPattern", "description", "keyId", "tier", "dataType")
"""What only DescribeParameters returns."""


class _Parameter(Entry):
    def request(self, wanted: Properties) -> Properties:
        return {**wanted, "value": wanted.get("insecureValue", wanted.get("value"))}

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        return super().describe(aws, {**where, "withDecryption": True})

    def identifying(self, aws: Aws, operation: str, properties: Properties) -> set[str]:
        return super().identifying(aws, operation, properties) | ({"withDecryption"} & properties.keys())

    def computed(self, aws: Aws, found: Properties, known: Properties) -> dict[str, Any]:
        filters = [{"Key": "Name", "Option": "Equals", "Values": [found["name"]]}]
        listed = self.call(aws, "describe_parameters", {}, ParameterFilters=filters)["parameters"]
        value = "insecureValue" if "insecureValue" in known else "value"
        return {**{name: listed[0].get(name) for name in _METADATA}, "value": None, value: found["value"]}

    def update(self, aws: Aws, name: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        settings = {**dict.fromkeys(("allowedPattern", "description"), ""), **wanted, "name": name}
        self.call(aws, "put_parameter", self.request({**settings, "tagsAll": None, "overwrite": True}))

    def tag_target(self, _aws: Aws, _operation: str, name: str, _state: Properties) -> dict[str, Any]:
        return {"ResourceType": "Parameter", "ResourceId": name}


ENTRIES = (
    _Parameter(
        type=types.PARAMETER,
        service="ssm",
        noun="parameter",
        create_call="put_{noun}",
        result="parameter",
        names={"ARN": "arn"},
        inputs=frozenset({"name", "type", "value", "insecureValue", "description", "allowedPattern", "dataType"})
        | {"keyId", "tier", "overwrite", "tags"},
        required=frozenset({"type"}),
        outputs=frozenset({"arn", "version"}),
        not_returned=frozenset({"overwrite"}),
        tag_calls=("add_tags_to_resource", "remove_tags_from_resource", "list_tags_for_resource"),
    ),
)
