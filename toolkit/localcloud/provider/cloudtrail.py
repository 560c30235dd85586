"""CloudTrail trails."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import from_aws, to_aws
from toolkit.resource_types import cloudtrail as types

TRAIL = {
    "s3BucketName": "S3BucketName",
    "s3KeyPrefix": "S3KeyPrefix",
    "includeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "isMultiRegionTrail": "IsMultiRegionTrail",
    "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn",
    "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "kmsKeyId": "KmsKeyId",
}
VALIDATION = "enableLogFileValidation"


def _arguments(wanted: Properties) -> dict[str, Any]:
    return {**to_aws(wanted, TRAIL), "EnableLogFileValidation": bool(wanted.get(VALIDATION))}


def _create(aws: Aws, wanted: Properties) -> str:
    response = aws.client("cloudtrail").create_trail(
        Name=wanted["name"], TagsList=_tag_list(wanted["tagsAll"]), **_arguments(wanted)
    )
    return str(response["TrailARN"])


def _configure(aws: Aws, arn: str, wanted: Properties) -> None:
    if wanted.get("enableLogging", True):
        aws.client("cloudtrail").start_logging(Name=arn)


def _tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def _read(aws: Aws, arn: str, _known: Properties) -> dict[str, Any] | None:
    cloudtrail = aws.client("cloudtrail")
    response = found_or_none(cloudtrail.get_trail, Name=arn)
    if response is None:
        return None
    trail = response["Trail"]
    (tagged,) = cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"]
    return {
        **from_aws({key: value for key, value in trail.items() if value != ""}, TRAIL),
        VALIDATION: trail["LogFileValidationEnabled"],
        "name": trail["Name"],
        "arn": arn,
        "homeRegion": arn.split(":")[3],
        "enableLogging": cloudtrail.get_trail_status(Name=arn)["IsLogging"],
        "tagsAll": {tag["Key"]: tag["Value"] for tag in tagged["TagsList"]},
    }


def _update(aws: Aws, arn: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    cloudtrail = aws.client("cloudtrail")
    cloudtrail.update_trail(Name=arn, **_arguments(wanted))
    if "enableLogging" in changed:
        (cloudtrail.start_logging if wanted.get("enableLogging", True) else cloudtrail.stop_logging)(Name=arn)


def _tags(aws: Aws, arn: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    cloudtrail = aws.client("cloudtrail")
    # Both calls need keys with their values.
    if changed := {key: state["tagsAll"][key] for key in removed}:
        cloudtrail.remove_tags(ResourceId=arn, TagsList=_tag_list(changed))
    if tags:
        cloudtrail.add_tags(ResourceId=arn, TagsList=_tag_list(tags))


ENTRIES = (
    Entry(
        type=types.TRAIL,
        inputs=frozenset(TRAIL) | {"name", "enableLogging", VALIDATION, "tags"},
        required=frozenset({"s3BucketName"}),
        name_property="name",
        tags=_tags,
        create=_create,
        after_create=_configure,
        read=_read,
        update=_update,
        delete=lambda aws, _arn, outputs: aws.client("cloudtrail").delete_trail(Name=outputs["name"]),
    ),
)
