"""Rules on CloudTrail trails."""

from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.stacks.inputs import Inputs, Violations


def _records_all(trail: Inputs, _stack: Stack) -> bool:
    """Return whether one selector takes all management events; without selectors a trail does."""
    selectors = trail.parts("eventSelectors")
    return not selectors or any(
        one.flag("includeManagementEvents", default=True)
        and one.text("readWriteType", "All") == "All"
        and not one.texts("excludeManagementEventSources")
        for one in selectors
    )


cloudtrail_all_regions = ResourceRule(
    name="cloudtrail-all-regions",
    description="CloudTrail trails record management events of all Regions and of global services",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls(
        "FSBP: CloudTrail.1; NIST: CloudTrail.3; CIS3: 3.1; CIS5: 3.1; CIS7: 4.1; CHECKOV: CKV_AWS_67, CKV_AWS_251"
    ),
    types=(TRAIL,),
    checks={
        "isMultiRegionTrail is not true; set it to true": lambda trail, _: trail.flag("isMultiRegionTrail"),
        "includeGlobalServiceEvents is false, so IAM events are not recorded; remove it": lambda trail, _: trail.flag(
            "includeGlobalServiceEvents", default=True
        ),
        "enableLogging is false, so the trail records nothing; remove it": lambda trail, _: trail.flag(
            "enableLogging", default=True
        ),
        "eventSelectors leave out management events, or reads or writes of them; remove them": _records_all,
    },
)

cloudtrail_validated = ResourceRule(
    name="cloudtrail-validated",
    description="CloudTrail log file validation is enabled",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudTrail.4; CIS3: 3.2; CIS5: 3.2; CIS7: 4.2; CHECKOV: CKV_AWS_36"),
    types=(TRAIL,),
    message="enableLogFileValidation is not true; set it to true",
    check=lambda trail, _: trail.flag("enableLogFileValidation"),
)

cloudtrail_encrypted = ResourceRule(
    name="cloudtrail-encrypted",
    description="CloudTrail trails are encrypted with a customer managed KMS key",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudTrail.2; CIS3: 3.5; CIS5: 3.5; CIS7: 4.5; CHECKOV: CKV_AWS_35"),
    types=(TRAIL,),
    message="kmsKeyId is absent; set it to a customer managed key",
    check=lambda trail, _: trail.has("kmsKeyId"),
)

cloudtrail_watched = ResourceRule(
    name="cloudtrail-watched",
    description="CloudTrail trails send events to CloudWatch Logs",
    severity=Severity.LOW,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudTrail.5; CHECKOV: CKV2_AWS_10"),
    types=(TRAIL,),
    message="cloudWatchLogsGroupArn is absent; set it to a log group",
    check=lambda trail, _: trail.has("cloudWatchLogsGroupArn"),
)

single_trail = StackRule(
    name="single-trail",
    description="The stack has at most one CloudTrail trail",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    message="more than one trail, each further one $2 for 100,000 events; keep one",
    check=lambda graph, _: Violations(graph.of(TRAIL)[1:]) or True,
)
