"""Rules on identity pools."""

from toolkit.policy.rule import BLOCKS, WARNS_THEN_BLOCKS, ResourceRule, Severity, controls
from toolkit.resource_types.cognito import IDENTITY_POOL
from toolkit.stacks.facts import every

cognito_no_guests = ResourceRule(
    name="cognito-no-guests",
    says="Identity pools give credentials to signed-in users only.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    controls=controls(
        "FSBP: Cognito.2; NAG: COG7; CHECKOV: CKV_AWS_366; PROWLER: cognito_identity_pool_guest_access_disabled"
    ),
    types=(IDENTITY_POOL,),
    checks={
        "allowUnauthenticatedIdentities is true; set it to false": (
            lambda pool, _: not pool.flag("allowUnauthenticatedIdentities")
        )
    },
)

cognito_no_classic_flow = ResourceRule(
    name="cognito-no-classic-flow",
    says="Identity pools do not let the caller choose the role.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    types=(IDENTITY_POOL,),
    checks={
        "allowClassicFlow is true, so callers choose their role and get credentials without limits; set it to false": (
            lambda pool, _: not pool.flag("allowClassicFlow")
        )
    },
)

cognito_identity_checked = ResourceRule(
    name="cognito-identity-checked",
    says="A user who was disabled or signed out gets no more credentials of AWS.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    types=(IDENTITY_POOL,),
    checks={
        "cognitoIdentityProviders has one without serverSideTokenCheck (false by default); set it to true": (
            lambda pool, _: every(
                pool.parts("cognitoIdentityProviders"), lambda provider: provider.flag("serverSideTokenCheck")
            )
        )
    },
)
