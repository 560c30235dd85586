"""The rule that no property holds a credential in plain text."""

from collections.abc import Iterator, Mapping

from toolkit.policy.credentials import has_credential_form, holds_credential, texts_in
from toolkit.policy.rule import BLOCKS, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.ssm import PARAMETER
from toolkit.stacks.facts import Broken, Facts, GraphFacts

_MEANT_FOR_SECRETS: Mapping[str, frozenset[str]] = {
    "aws:secretsmanager/secretVersion:SecretVersion": frozenset({"secretString", "secretBinary", "secretStringWo"}),
    "aws:iam/serverCertificate:ServerCertificate": frozenset({"privateKey"}),
    "aws:acm/certificate:Certificate": frozenset({"privateKey"}),
    "aws:apigateway/apiKey:ApiKey": frozenset({"value"}),
    "aws:cognito/identityProvider:IdentityProvider": frozenset({"providerDetails"}),
    "aws:cloudfront/distribution:Distribution": frozenset({"origins"}),  # the origin key, a secret of the stack
    FUNCTION: frozenset({"environment"}),  # lambda-no-secret-env
}
"""Properties in which AWS keeps a secret, or which have a rule of their own."""
_VARIABLES: Mapping[str, frozenset[str]] = {
    "aws:apigatewayv2/stage:Stage": frozenset({"stageVariables"}),
    "aws:apigateway/stage:Stage": frozenset({"variables"}),
    "aws:apigateway/deployment:Deployment": frozenset({"variables"}),
    "aws:codebuild/project:Project": frozenset({"environment"}),
    "aws:ecs/taskDefinition:TaskDefinition": frozenset({"containerDefinitions"}),
    "aws:apprunner/service:Service": frozenset({"sourceConfiguration"}),
    "aws:amplify/app:App": frozenset({"environmentVariables"}),
    "aws:glue/job:Job": frozenset({"defaultArguments"}),
}
"""Properties with variables, whose names say what they hold."""


def _holds_none(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    return Broken(place for facts in graph.resources for place in _places(facts)) or True


def _places(facts: Facts) -> Iterator[Facts]:
    type_ = facts.resource.type
    kept = _MEANT_FOR_SECRETS.get(type_, frozenset())
    for name, value in facts.properties.items():
        if name in kept or (type_ == PARAMETER and name == "value"):
            continue
        by_name = name in _VARIABLES.get(type_, frozenset())
        if any(holds_credential(*each) if by_name else has_credential_form(each[1]) for each in texts_in(value, name)):
            yield Facts(facts.resource, {}, facts.provider, name)
    if type_ == PARAMETER and facts.properties.get("type") != "SecureString":
        given, value = facts.properties.get("name"), facts.properties.get("value")
        own = given if isinstance(given, str) else facts.resource.name
        if isinstance(value, str) and holds_credential(own, value):
            yield Facts(facts.resource, {}, facts.provider, "value")


no_plain_credentials = StackRule(
    name="no-plain-credentials",
    says="No property holds a password, token or key in plain text.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    checks={
        "the property holds what looks like a credential, which everybody who may describe the resource can read; keep "
        "it in Secrets Manager and pass its ARN": _holds_none
    },
)

RULES = (no_plain_credentials,)
