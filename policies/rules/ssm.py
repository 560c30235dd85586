"""Rules on parameters of Systems Manager; no-plain-credentials reports a credential in one."""

from toolkit.policy.rule import Levels, ResourceRule, Severity
from toolkit.resource_types.ssm import PARAMETER

ssm_parameter_tier = ResourceRule(
    name="ssm-parameter-standard",
    description="SSM parameters have the tier Standard",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    types=(PARAMETER,),
    message="tier is Advanced or Intelligent-Tiering, and an advanced parameter costs $0.05 a month; set Standard, "
    "unless the value is longer than 4 KB",
    check=lambda parameter, _: parameter.text("tier", "Standard") == "Standard",
)
"""https://aws.amazon.com/systems-manager/pricing/ (read 2026-09-20)"""

ssm_secure_string_key = ResourceRule(
    name="ssm-secure-string-key",
    description="SSM parameters of the type SecureString are encrypted with a customer managed KMS key",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    types=(PARAMETER,),
    message="keyId is absent or the AWS managed key, which every principal of the account may use through SSM; set it",
    check=lambda parameter, _: (
        parameter.text("type") != "SecureString" or parameter.text("keyId", "alias/aws/ssm") != "alias/aws/ssm"
    ),
)
