"""Rules on the AWS providers of a stack."""

from collections.abc import Callable

from toolkit.policy.iam.accounts import is_own
from toolkit.policy.rule import Levels, Severity, StackCheck, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import provider_accounts, provider_inputs, provider_region, region_of

EDGE_REGION = "us-east-1"
_OF_CLOUDFRONT = ("aws:acm/", "aws:cloudwatch/", "aws:kms/", "aws:wafv2/")
"""Prefixes of the types that CloudFront takes from us-east-1 only: certificates, web ACLs, their logs and alarms."""

_OF_AWS = ("aws:", "aws-native:")
"""Prefixes of the types whose providers have a region of AWS."""


def _one_of_each_provider(graph: StackInputs) -> tuple[Inputs, ...]:
    """Return one resource of each provider, for all that have the same."""
    of_aws = [inputs for inputs in graph.resources if inputs.resource.type.startswith(_OF_AWS)]
    return tuple({repr(sorted(inputs.provider.items())): inputs for inputs in reversed(of_aws)}.values())


def _provider_has_region(graph: StackInputs, _stack: Stack) -> bool | Violations:
    return every(_one_of_each_provider(graph), lambda each: provider_region(each) != "")


def _region_of_stack(graph: StackInputs, stack: Stack) -> str:
    """Return the Region in the stack's configuration, else that of the first provider."""
    written = stack.config.get("aws:region")
    providers = _one_of_each_provider(StackInputs(graph.resources[:1]))
    return written if isinstance(written, str) and written else next(map(provider_region, providers), "")


def _is_of_cloudfront(inputs: Inputs) -> bool:
    return region_of(inputs) == EDGE_REGION and inputs.resource.type.startswith(_OF_CLOUDFRONT)


def _provider_in_region(graph: StackInputs, stack: Stack) -> bool | Violations:
    allowed = {"", EDGE_REGION, _region_of_stack(graph, stack)}
    return every(_one_of_each_provider(graph), lambda each: provider_region(each) in allowed)


def _resources_in_region(graph: StackInputs, stack: Stack) -> bool | Violations:
    own = _region_of_stack(graph, stack)
    of_aws = [inputs for inputs in graph.resources if inputs.resource.type.startswith(_OF_AWS)]
    return every(of_aws, lambda each: region_of(each) in ("", own) or _is_of_cloudfront(each))


_STATIC = ("accessKey", "secretKey", "token", "profile", "sharedConfigFiles", "sharedCredentialsFiles")
_ROLES = ("assumeRoles", "assumeRoleWithWebIdentity")
_ELSEWHERE = ("endpoints", "ec2MetadataServiceEndpoint", "httpProxy", "httpsProxy", "customCaBundle")
_UNVERIFIED = ("skipRequestingAccountId", "skipCredentialsValidation", "insecure")


def _of_every_provider(holds: Callable[[Inputs, Stack], bool]) -> StackCheck:
    return lambda graph, stack: every(_one_of_each_provider(graph), lambda each: holds(each, stack))


def _in_its_account(inputs: Inputs, stack: Stack) -> bool:
    stated, accounts = stack.ownership.account, provider_accounts(inputs)
    return not stated or all(account == stated for account in accounts)


def _without(*names: str) -> Callable[[Inputs, Stack], bool]:
    def holds(inputs: Inputs, _stack: Stack) -> bool:
        provider = provider_inputs(inputs, *names)
        return not any(provider.has(name) and provider.properties[name] not in ([], {}, "") for name in names)

    return holds


def _verified(inputs: Inputs, _stack: Stack) -> bool:
    provider = provider_inputs(inputs)
    return not any(provider.flag(name) for name in _UNVERIFIED)


def _assumes_own_roles(inputs: Inputs, stack: Stack) -> bool:
    own, provider = stack.ownership.trusted_accounts(inputs), provider_inputs(inputs, *_ROLES)
    roles = (part.text("roleArn") for name in _ROLES for part in provider.parts(name))
    return all(is_own(arn, own) for arn in roles if arn)


provider_region_allowed = StackRule(
    name="provider-region",
    description="Resources are in the Region of the stack, and those of CloudFront in us-east-1",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "the provider has no region; set aws:region, or the region of the provider": _provider_has_region,
        "the provider's region is neither aws:region of the stack nor us-east-1; set it to aws:region": (
            _provider_in_region
        ),
        "the region of the resource is neither that of the stack, nor us-east-1 for a type of CloudFront; remove it": (
            _resources_in_region
        ),
    },
)

provider_account_pinned = StackRule(
    name="provider-account",
    description="The AWS provider is limited to the account of the stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "the provider has not exactly one allowedAccountIds; set it to the stack's account": _of_every_provider(
            lambda each, _: len(provider_accounts(each)) == 1
        ),
        "the provider's allowedAccountIds is another account than account-id in the stack's settings; set it to that": (
            _of_every_provider(_in_its_account)
        ),
        "the provider assumes a role of another account; name a role of the stack's account": _of_every_provider(
            _assumes_own_roles
        ),
    },
)

provider_credentials = StackRule(
    name="provider-credentials",
    description="The AWS provider has no credentials or custom endpoints in its configuration",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    checks={
        "the provider has keys, a token, a profile or a credentials file; remove it, and assume a role in the run": (
            _of_every_provider(_without(*_STATIC))
        ),
        "the provider sets endpoints, a proxy or a certificate bundle; remove them": _of_every_provider(
            _without(*_ELSEWHERE)
        ),
        "the provider has skipRequestingAccountId, skipCredentialsValidation or insecure, so it checks neither the "
        "account nor the credentials; remove it": _of_every_provider(_verified),
    },
)
