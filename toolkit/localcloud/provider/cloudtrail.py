"""CloudTrail trails."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import cloudtrail as types


class _Trail(Entry):
    def where(self, arn: str, known: Properties) -> dict[str, Any]:
        return {**super().where(arn, known), "name": arn.rpartition("/")[2]}

    def after_create(self, aws: Aws, arn: str, wanted: Properties) -> None:
        if wanted.get("enableLogging", True):
            aws.client("cloudtrail").start_logging(Name=arn)

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        logging = aws.client("cloudtrail").get_trail_status(Name=found["arn"])["IsLogging"]
        return {"enableLogging": logging, "homeRegion": found["arn"].split(":")[3]}

    def update(self, aws: Aws, arn: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        super().update(aws, arn, state, wanted, changed)
        if "enableLogging" in changed:
            cloudtrail = aws.client("cloudtrail")
            (cloudtrail.start_logging if wanted.get("enableLogging", True) else cloudtrail.stop_logging)(Name=arn)

    def listed_tags(self, aws: Aws, arn: str, state: Properties) -> dict[str, str]:
        (tagged,) = self.call(aws, "list_tags", state, ResourceIdList=[arn])["resourceTagList"]
        return dict(tagged["tagsAll"])


ENTRIES = (
    _Trail(
        type=types.TRAIL,
        service="cloudtrail",
        noun="trail",
        result="trail",
        id="{arn}",
        names={
            "TrailARN": "arn",
            "CloudWatchLogsLogGroupArn": "cloudWatchLogsGroupArn",
            "LogFileValidationEnabled": "enableLogFileValidation",
        },
        inputs=frozenset({"name", "s3BucketName", "s3KeyPrefix", "includeGlobalServiceEvents", "isMultiRegionTrail"})
        | {"cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "kmsKeyId", "enableLogging", "enableLogFileValidation"}
        | {"tags"},
        required=frozenset({"s3BucketName"}),
        outputs=frozenset({"arn"}),
        empty_is_unset=True,
        defaults={"enableLogFileValidation": False},
        tag_calls=("add_tags", "remove_tags", "list_tags"),
    ),
)
