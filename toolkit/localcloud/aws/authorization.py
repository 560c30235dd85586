"""The authorization of one call: its caller and context against the policies of the caller and of each resource."""

from typing import Any

from toolkit.localcloud.aws.administrator import administrator_arn
from toolkit.localcloud.aws.callers import Caller
from toolkit.localcloud.aws.decision import Denial, Policies, Request, decide
from toolkit.localcloud.aws.needs import Need
from toolkit.localcloud.aws.policy import services_in
from toolkit.localcloud.aws.policy_principals import Principal
from toolkit.localcloud.aws.refusal import Reason, RefusedError, S3RefusedError, not_allowed
from toolkit.localcloud.aws.request_context import of_service, request_context, resource_tags
from toolkit.localcloud.aws.resource_policies import MUST_ALLOW, resource_policy, trust_policy

ASSUME_ROLE = "sts:AssumeRole"


class Authorization:
    """What one caller may do in one call to moto."""

    def __init__(self, handler: Any, caller: Caller, refuse: type[RefusedError] | type[S3RefusedError]) -> None:
        self._account_id = str(handler.current_account)
        self._region = str(handler.region)
        self._caller = caller
        self._refuse = refuse
        self._context = request_context(handler, caller)

    def require(self, need: Need) -> None:
        """Raise the refusal of a need that is denied."""
        found = self.denial(need)
        if found is None:
            return
        sentence = not_allowed(self._caller.arn, need.action, need.resource, found.kind, denied=found.explicit)
        raise self._refuse(Reason.NOT_ALLOWED, sentence)

    def denial(self, need: Need) -> Denial | None:
        """Return why a need (its action with the service's prefix) is denied, None where it is allowed."""
        if need.action == ASSUME_ROLE:
            return self._denial_of_role(need)
        document = resource_policy(need.resource, self._account_id, self._region)
        service = need.action.partition(":")[0]
        policies = Policies(
            self._caller.documents,
            self._caller.limits,
            resource=document,
            resource_must_allow=service in MUST_ALLOW and document is not None,
        )
        return decide(self._request(need, self._caller.principal, self._documents(document)), policies)

    def _denial_of_role(self, need: Need) -> Denial | None:
        """A role's trust policy must allow; the administrator of a local stack stands in for AWS's services, too."""
        trust = trust_policy(need.resource, self._account_id)
        policies = Policies(self._caller.documents, self._caller.limits, resource=trust, resource_must_allow=True)
        found = decide(self._request(need, self._caller.principal, self._documents(trust)), policies)
        if found is None or self._caller.arn != administrator_arn(self._account_id):
            return found
        answers = [
            decide(
                self._request(
                    Need(need.action, need.resource, {**need.keys, **of_service(service, self._account_id)}),
                    Principal(service=service),
                    (trust,),
                ),
                Policies(resource=trust, resource_must_allow=True),
            )
            for service in services_in(trust)
        ]
        return None if None in answers else found

    def _request(self, need: Need, principal: Principal, documents: tuple[str, ...]) -> Request:
        tags = resource_tags(need.resource, self._account_id, self._region, documents)
        return Request(principal, need.action, need.resource, {**self._context, **tags, **need.keys})

    def _documents(self, resource: str | None) -> tuple[str, ...]:
        limits = (document for documents in self._caller.limits.values() for document in documents)
        return (*self._caller.documents, *limits, *([resource] if resource else ()))
