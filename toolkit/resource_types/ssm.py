"""Resource types of AWS Systems Manager."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import unchanged
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import ResourceType

PARAMETER = "aws:ssm/parameter:Parameter"


def _parameter(new: NewResource) -> PreviewOutputs:
    name = new.named()
    arn = new.arn("ssm", f"parameter/{name.removeprefix('/')}")
    return PreviewOutputs(name, {"name": name, "arn": arn, "version": 1})


TYPES = (
    ResourceType(
        PARAMETER,
        # 1,011 characters without the ARN's other parts:
        # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
        name=NameForm(1011, pattern=r"[\w/.-]+", accepted="letters, digits and _-./"),
        # Another tier is an update, but the standard tier replaces a parameter of the advanced one: ssm/parameter.go
        # (read 2026-11-30).
        replaced_by=("dataType", "name"),
        data=StoredData(
            "the parameter's value and its old versions",
            checks=(unchanged("keyId", what="changes its encryption key", lost=OLD_KEY),),
        ),
        preview=_parameter,
        permissions=Permissions(
            on=("arn:aws:ssm:{region}:{account}:parameter/{name}",),
            create="PutParameter AddTagsToResource",
            update="PutParameter RemoveTagsFromResource",
            delete="DeleteParameter",
            read="GetParameter ListTagsForResource",
            read_anywhere="DescribeParameters",
        ),
        free="standard parameters are free",
    ),
)
