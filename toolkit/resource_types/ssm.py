"""Resource types of AWS Systems Manager."""

from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.record import ResourceType

PARAMETER = "aws:ssm/parameter:Parameter"


def _parameter(new: NewResource) -> PreviewOutputs:
    name = new.named()
    return PreviewOutputs(name, {"name": name, "arn": new.arn("ssm", f"parameter/{name.removeprefix('/')}")})


TYPES = (
    ResourceType(
        PARAMETER,
        data=StoredData("the parameter's value and its old versions"),
        preview=_parameter,
        free="standard parameters are free",
    ),
)
