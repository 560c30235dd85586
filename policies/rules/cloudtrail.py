"""Rules on CloudTrail trails."""

from toolkit.policy.rule import BLOCKS_WHERE_KEPT, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.stacks.facts import Facts


def _records_all(trail: Facts, _stack: Stack) -> bool:
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
    says="The trail hears the calls of every region and of the services that have none.",
    severity=Severity.HIGH,
    levels=BLOCKS_WHERE_KEPT,
    controls=controls(
        "FSBP: CloudTrail.1; NIST: CloudTrail.3; CIS3: 3.1; CIS5: 3.1; CIS7: 4.1; CHECKOV: CKV_AWS_67, CKV_AWS_251"
    ),
    types=(TRAIL,),
    checks={
        "isMultiRegionTrail is not true; set it": lambda trail, _: trail.flag("isMultiRegionTrail"),
        "includeGlobalServiceEvents is false; IAM's calls would go unheard": lambda trail, _: trail.flag(
            "includeGlobalServiceEvents", default=True
        ),
        "enableLogging is false; a trail that is switched off hears nothing": lambda trail, _: trail.flag(
            "enableLogging", default=True
        ),
        "eventSelectors leave out management events, or reads or writes of them; remove them": _records_all,
    },
)

cloudtrail_validated = ResourceRule(
    name="cloudtrail-validated",
    says="A change of the trail's files shows.",
    severity=Severity.MEDIUM,
    levels=BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudTrail.4; CIS3: 3.2; CIS5: 3.2; CIS7: 4.2; CHECKOV: CKV_AWS_36"),
    types=(TRAIL,),
    checks={
        "enableLogFileValidation is not true; set it": lambda trail, _: trail.flag("enableLogFileValidation"),
    },
)

cloudtrail_encrypted = ResourceRule(
    name="cloudtrail-encrypted",
    says="The trail is encrypted with a key of the account.",
    severity=Severity.MEDIUM,
    levels=BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudTrail.2; CIS3: 3.5; CIS5: 3.5; CIS7: 4.5; CHECKOV: CKV_AWS_35"),
    types=(TRAIL,),
    checks={"kmsKeyId is absent; set it": lambda trail, _: trail.has("kmsKeyId")},
)

cloudtrail_watched = ResourceRule(
    name="cloudtrail-watched",
    says="The trail also goes to CloudWatch, where alarms can hear it.",
    severity=Severity.LOW,
    levels=BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudTrail.5; CHECKOV: CKV2_AWS_10"),
    types=(TRAIL,),
    checks={
        "cloudWatchLogsGroupArn is absent; name a log group": lambda trail, _: trail.has("cloudWatchLogsGroupArn"),
    },
)
