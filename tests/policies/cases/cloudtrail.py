"""Cases of the rules on CloudTrail trails."""

from tests.support.rule_cases import ResourceCase, counted
from toolkit.resource_types.cloudtrail import TRAIL

CASES = {
    "cloudtrail-all-regions": ResourceCase(
        TRAIL,
        good={"isMultiRegionTrail": True, "includeGlobalServiceEvents": True, "enableLogging": True},
        bad={
            "one region": {"isMultiRegionTrail": False},
            "without IAM": {"isMultiRegionTrail": True, "includeGlobalServiceEvents": False},
            "off": {"isMultiRegionTrail": True, "enableLogging": False},
            "writes alone": {"isMultiRegionTrail": True, "eventSelectors": [{"readWriteType": "WriteOnly"}]},
            "objects alone": {"isMultiRegionTrail": True, "eventSelectors": [{"includeManagementEvents": False}]},
        },
        absent="fail",
        also_good={"objects, too": {"isMultiRegionTrail": True, "eventSelectors": [{"readWriteType": "All"}]}},
    ),
    "cloudtrail-validated": ResourceCase(
        TRAIL, good={"enableLogFileValidation": True}, bad={"off": {"enableLogFileValidation": False}}, absent="fail"
    ),
    "cloudtrail-encrypted": ResourceCase(
        TRAIL, good={"kmsKeyId": "alias/trail"}, bad={"S3's own": {"name": "trail"}}, absent="fail"
    ),
    "cloudtrail-watched": ResourceCase(
        TRAIL,
        good={"cloudWatchLogsGroupArn": "arn:aws:logs:eu-central-1:3:log-group:/trail:*"},
        bad={"to S3 alone": {"name": "trail"}},
        absent="fail",
    ),
    "single-trail": counted(TRAIL, 1),
}
