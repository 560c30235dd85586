"""Rules on user pool clients."""

from math import inf

from policies.bounds import page_is_allowed
from toolkit.policy.rule import Levels, ResourceCheck, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.cognito import USER_POOL_CLIENT
from toolkit.stacks.inputs import Inputs, Violations, every

_MINUTES = {"seconds": 1 / 60, "minutes": 1, "hours": 60, "days": 24 * 60}
_PASSWORD_FLOWS = {
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
}
_HOUR = 60
_THIRTY_DAYS = 30 * 24 * 60


def _expires_within(token: str, minutes: int, *, usual_unit: str) -> ResourceCheck:
    """Return whether this kind of token expires in time; the default of AWS does."""

    def ends(client: Inputs, _stack: Stack) -> bool:
        unit = _MINUTES.get(client.text(f"tokenValidityUnits.{token}", usual_unit), inf)
        validity = client.number(f"{token}Validity", 0)
        return validity * unit <= minutes

    return ends


def _are_safe_pages(name: str) -> ResourceCheck:
    def are_safe(client: Inputs, stack: Stack) -> bool | Violations:
        return every(client.entries(name), lambda page: page_is_allowed(page.text(""), stack))

    return are_safe


def _has_none_of(name: str, refused: set[str]) -> ResourceCheck:
    return lambda client, _: every(client.entries(name), lambda entry: entry.text("") not in refused)


cognito_client_hides_users = ResourceRule(
    name="cognito-client-hides-users",
    description="User pool clients prevent user existence errors",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("PROWLER: cognito_user_pool_client_prevent_user_existence_errors"),
    types=(USER_POOL_CLIENT,),
    message="preventUserExistenceErrors is not ENABLED (LEGACY by default); set it to ENABLED",
    check=lambda client, _: client.text("preventUserExistenceErrors", "LEGACY") == "ENABLED",
)

cognito_client_revocation = ResourceRule(
    name="cognito-client-revocation",
    description="User pool clients have token revocation enabled",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("PROWLER: cognito_user_pool_client_token_revocation_enabled"),
    types=(USER_POOL_CLIENT,),
    message="enableTokenRevocation is false (true by default); set it to true",
    check=lambda client, _: client.flag("enableTokenRevocation", default=True),
)

cognito_client_no_implicit_flow = ResourceRule(
    name="cognito-client-no-implicit-flow",
    description="User pool clients do not use the implicit grant",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(USER_POOL_CLIENT,),
    message="allowedOauthFlows has implicit; use code with PKCE",
    check=_has_none_of("allowedOauthFlows", {"implicit"}),
)

cognito_client_callbacks_https = ResourceRule(
    name="cognito-client-callbacks-https",
    description="Callback and sign-out URLs use HTTPS",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(USER_POOL_CLIENT,),
    checks={
        "callbackUrls has a URL without https; list https URLs": _are_safe_pages("callbackUrls"),
        "logoutUrls has a URL without https; list https URLs": _are_safe_pages("logoutUrls"),
    },
)

cognito_client_token_lifetime = ResourceRule(
    name="cognito-client-token-lifetime",
    description="Access and ID tokens are valid for at most one hour",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(USER_POOL_CLIENT,),
    checks={
        "accessTokenValidity is above an hour; lower it, and mind tokenValidityUnits (hours by default)": (
            _expires_within("accessToken", _HOUR, usual_unit="hours")
        ),
        "idTokenValidity is above an hour; lower it, and mind tokenValidityUnits (hours by default)": (
            _expires_within("idToken", _HOUR, usual_unit="hours")
        ),
    },
)

cognito_client_refresh_lifetime = ResourceRule(
    name="cognito-client-refresh-lifetime",
    description="Refresh tokens are valid for at most 30 days",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(USER_POOL_CLIENT,),
    message="refreshTokenValidity is above 30 days; lower it, and mind tokenValidityUnits (days by default)",
    check=_expires_within("refreshToken", _THIRTY_DAYS, usual_unit="days"),
)

cognito_client_no_password_flow = ResourceRule(
    name="cognito-client-no-password-flow",
    description="User pool clients do not accept passwords in clear text",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(USER_POOL_CLIENT,),
    message="explicitAuthFlows has a flow with passwords in clear text; use ALLOW_USER_SRP_AUTH",
    check=_has_none_of("explicitAuthFlows", _PASSWORD_FLOWS),
)

cognito_client_no_self_administration = ResourceRule(
    name="cognito-client-no-self-admin",
    description="User pool clients do not grant the scope aws.cognito.signin.user.admin",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(USER_POOL_CLIENT,),
    message="allowedOauthScopes has aws.cognito.signin.user.admin, so a stolen token can change its user; remove it",
    check=_has_none_of("allowedOauthScopes", {"aws.cognito.signin.user.admin"}),
)

_MACHINE = "client_credentials"
_SIGN_IN_FLOWS_OFF = {"ALLOW_REFRESH_TOKEN_AUTH"}


def _is_for_machines(client: Inputs) -> bool:
    return _MACHINE in client.texts("allowedOauthFlows")


cognito_client_machine = ResourceRule(
    name="cognito-client-machine",
    description="Clients with client_credentials have a secret and no user sign-in",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(USER_POOL_CLIENT,),
    checks={
        "allowedOauthFlows has client_credentials and another flow; create a client for each": lambda client, _: (
            not _is_for_machines(client) or set(client.texts("allowedOauthFlows")) == {_MACHINE}
        ),
        "generateSecret is not true, which client_credentials needs; set it to true": lambda client, _: (
            not _is_for_machines(client) or client.flag("generateSecret")
        ),
        "explicitAuthFlows lets users sign in (as SRP by default does); set it to ALLOW_REFRESH_TOKEN_AUTH alone": (
            lambda client, _: (
                not _is_for_machines(client) or set(client.texts("explicitAuthFlows")) == _SIGN_IN_FLOWS_OFF
            )
        ),
        "generateSecret is true and no flow of allowedOauthFlows needs a secret; set client_credentials or code": (
            lambda client, _: not client.flag("generateSecret") or bool(client.texts("allowedOauthFlows"))
        ),
    },
)
