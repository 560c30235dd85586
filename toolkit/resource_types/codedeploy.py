"""Resource types of AWS CodeDeploy."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import HOLDS_NOTHING, ResourceType

APPLICATION = "aws:codedeploy/application:Application"
DEPLOYMENT_CONFIG = "aws:codedeploy/deploymentConfig:DeploymentConfig"
DEPLOYMENT_GROUP = "aws:codedeploy/deploymentGroup:DeploymentGroup"


def _application(new: NewResource) -> PreviewOutputs:
    name = new.named()
    return PreviewOutputs(name, {"name": name, "arn": new.arn("codedeploy", f"application:{name}")})


def _deployment_group(new: NewResource) -> PreviewOutputs:
    application, name = new.inputs["appName"], new.inputs["deploymentGroupName"]
    arn = new.arn("codedeploy", f"deploymentgroup:{application}/{name}")
    return PreviewOutputs(
        f"{application}:{name}", {"arn": arn, "deploymentGroupId": new.uuid(), "computePlatform": "Lambda"}
    )


def _names(name_property: str) -> NameForm:
    return NameForm(100, name_property, pattern=r"[\w+=,.@-]+", accepted="letters, digits and _+=,.@-")


TYPES = (
    ResourceType(
        APPLICATION,
        name=_names("name"),
        # The provider renames an application in place: codedeploy/app.go (read 2026-11-30).
        replaced_by=("computePlatform",),
        data=HOLDS_NOTHING,
        preview=_application,
        permissions=Permissions(
            on=("arn:aws:codedeploy:{region}:{account}:application:{name}",),
            create="CreateApplication TagResource",
            update="UpdateApplication UntagResource",
            delete="DeleteApplication",
            read="GetApplication ListTagsForResource",
        ),
        free="CodeDeploy is free for Lambda",
        no_rule="only names what its deployment groups deploy",
    ),
    ResourceType(DEPLOYMENT_CONFIG, free="CodeDeploy is free for Lambda"),
    ResourceType(
        DEPLOYMENT_GROUP,
        name=_names("deploymentGroupName"),
        # The provider renames a group in place and replaces it for no input: codedeploy/deployment_group.go (read
        # 2026-11-30). AWS refuses another appName: github.com/hashicorp/terraform-provider-aws issue 20408.
        data=HOLDS_NOTHING,
        preview=_deployment_group,
        permissions=Permissions(
            on=("arn:aws:codedeploy:{region}:{account}:deploymentgroup:{name}",),
            create="CreateDeploymentGroup TagResource",
            update="UpdateDeploymentGroup UntagResource",
            delete="DeleteDeploymentGroup",
            read="GetDeploymentGroup ListTagsForResource",
        ),
        free="CodeDeploy is free for Lambda",
    ),
)
