"""Rules on identity pools."""

from toolkit.policy.rule import Levels, ResourceRule, Severity, controls
from toolkit.resource_types.cognito import IDENTITY_POOL
from toolkit.stacks.facts import every

cognito_no_guests = ResourceRule(
    name="cognito-no-guests",
    description="Identity pools do not allow unauthenticated identities",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
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
    description="Identity pools do not let the caller choose the role",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(IDENTITY_POOL,),
    checks={
        "allowClassicFlow is true, so callers choose their role; set it to false": (
            lambda pool, _: not pool.flag("allowClassicFlow")
        )
    },
)

cognito_identity_checked = ResourceRule(
    name="cognito-identity-checked",
    description="Identity pools check tokens with the user pool",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(IDENTITY_POOL,),
    checks={
        "cognitoIdentityProviders has one without serverSideTokenCheck (false by default); set it to true": (
            lambda pool, _: every(
                pool.parts("cognitoIdentityProviders"), lambda provider: provider.flag("serverSideTokenCheck")
            )
        )
    },
)
