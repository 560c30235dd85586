"""Cases of the rules on parameters of Systems Manager."""

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.ssm import PARAMETER

CASES = {
    "ssm-parameter-standard": ResourceCase(
        PARAMETER,
        good={"tier": "Standard"},
        bad={"advanced": {"tier": "Advanced"}, "as it fits": {"tier": "Intelligent-Tiering"}},
        absent="pass",
    ),
    "ssm-secure-string-key": ResourceCase(
        PARAMETER,
        good={"type": "SecureString", "keyId": "alias/own"},
        bad={
            "the default": {"type": "SecureString"},
            "AWS's own": {"type": "SecureString", "keyId": "alias/aws/ssm"},
        },
        absent="pass",
        also_good={"plain text": {"type": "String"}},
    ),
}
