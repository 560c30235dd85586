"""The evaluation of one call: its caller and context against the policies of the caller and of each resource."""

from dataclasses import replace
from typing import Any

from toolkit.localcloud.aws.administrator import administrator_arn
from toolkit.localcloud.aws.authorization.callers import Caller
from toolkit.localcloud.aws.authorization.errors import (
    AccessDeniedError,
    Reason,
    S3AccessDeniedError,
    access_denied_message,
)
from toolkit.localcloud.aws.authorization.request_context import of_service, request_context, resource_tags
from toolkit.localcloud.aws.authorization.requirements import Requirement
from toolkit.localcloud.aws.authorization.resource_policies import MUST_ALLOW, resource_policy, trust_policy
from toolkit.policy.iam.evaluation import AppliedPolicies, Denial, decide, services_in
from toolkit.policy.iam.principals import Principal

ASSUME_ROLE = "sts:AssumeRole"


class AccessEvaluation:
    """Evaluates what one caller may do in one call to moto."""

    def __init__(
        self, handler: Any, caller: Caller, error: type[AccessDeniedError] | type[S3AccessDeniedError]
    ) -> None:
        self._account_id = str(handler.current_account)
        self._region = str(handler.region)
        self._caller = caller
        self._error = error
        self._context = request_context(handler, caller)

    def require(self, requirement: Requirement) -> None:
        """Raise an error where a requirement is denied."""
        denial = self.denial(requirement)
        if denial is None:
            return
        sentence = access_denied_message(
            self._caller.arn, requirement.action, requirement.resource, denial.kind, denied=denial.explicit
        )
        raise self._error(Reason.NOT_ALLOWED, sentence)

    def denial(self, requirement: Requirement) -> Denial | None:
        """Return why a requirement (its action with the prefix of the service) is denied, None where it is allowed."""
        if requirement.action == ASSUME_ROLE:
            return self._denial_of_role(requirement)
        document = resource_policy(requirement.resource, self._account_id, self._region)
        service = requirement.action.partition(":")[0]
        policies = AppliedPolicies(
            self._caller.documents,
            self._caller.limits,
            resource=document,
            resource_must_allow=service in MUST_ALLOW and document is not None,
        )
        return self._decide(requirement, self._caller.principal, policies)

    def _denial_of_role(self, requirement: Requirement) -> Denial | None:
        """Evaluate a role's trust policy. The administrator of a local stack also acts for AWS's services."""
        trust = trust_policy(requirement.resource, self._account_id)
        policies = AppliedPolicies(
            self._caller.documents, self._caller.limits, resource=trust, resource_must_allow=True
        )
        denial = self._decide(requirement, self._caller.principal, policies)
        if denial is None or self._caller.arn != administrator_arn(self._account_id):
            return denial
        trust_only = AppliedPolicies(resource=trust, resource_must_allow=True)
        for service in services_in(trust):
            by_service = replace(requirement, keys={**requirement.keys, **of_service(service, self._account_id)})
            if self._decide(by_service, Principal(service=service), trust_only) is None:
                return None
        return denial

    def _decide(self, requirement: Requirement, principal: Principal, policies: AppliedPolicies) -> Denial | None:
        limits = (document for documents in policies.limits.values() for document in documents)
        documents = (*policies.identity, *limits, policies.resource or "")
        tags = resource_tags(requirement.resource, self._account_id, self._region, documents)
        context = {**self._context, **tags, **requirement.keys}
        return decide(principal, requirement.action, requirement.resource, context, policies)
