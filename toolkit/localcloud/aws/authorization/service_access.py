"""What AWS evaluates when a resource is created: whether a role, or a service, may make the calls that it will make."""

from typing import Any

from moto.iam.models import iam_backends

from toolkit.localcloud.aws.authorization.callers import PARTITION, caller_with_role
from toolkit.localcloud.aws.authorization.request_context import of_caller, of_service, resource_tags
from toolkit.localcloud.aws.authorization.resource_policies import NO_TRUST, resource_policy, trust_policy
from toolkit.policy.iam.evaluation import AppliedPolicies, PolicyResult, decide, evaluate_resource_policy
from toolkit.policy.iam.principals import Principal


def role_may(role_arn: str, action: str, resource: str, account_id: str) -> bool:
    """Return whether a session of a role may make a call; a role that does not exist may make none."""
    roles: list[Any] = list(iam_backends[account_id][PARTITION].roles.values())
    role = next((each for each in roles if each.arn == role_arn), None)
    if role is None:
        return False
    caller = caller_with_role(account_id, role)
    region = resource.split(":")[3]
    policies = AppliedPolicies(caller.documents, caller.limits, resource=resource_policy(resource, account_id, region))
    tags = resource_tags(resource, account_id, region, caller.documents)
    return decide(caller.principal, action, resource, {**of_caller(caller), **tags}, policies) is None


def service_may(service: str, action: str, resource: str, source_arn: str, account_id: str) -> bool:
    """Return whether a resource's policy lets a service act for another resource, such as a topic."""
    document = resource_policy(resource, account_id, resource.split(":")[3]) or NO_TRUST
    return _allows(document, service, action, resource, source_arn, account_id)


def service_may_assume(service: str, role_arn: str, source_arn: str, account_id: str) -> bool:
    """Return whether a role trusts a service that acts for a resource."""
    return _allows(trust_policy(role_arn, account_id), service, "sts:AssumeRole", role_arn, source_arn, account_id)


def _allows(document: str, service: str, action: str, resource: str, source_arn: str, account_id: str) -> bool:
    context = {**of_service(service, account_id), "aws:sourcearn": source_arn, "aws:securetransport": "true"}
    result, _ = evaluate_resource_policy(document, Principal(service=service), action, resource, context)
    return result is PolicyResult.ALLOWED
