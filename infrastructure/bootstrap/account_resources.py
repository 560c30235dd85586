"""The composition of a bootstrap stack: its components in reading order."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.components.access_logs import AccessLogs
from infrastructure.bootstrap.components.boundaries import Boundaries
from infrastructure.bootstrap.components.ci_role import CiRole, CiRoleArgs
from infrastructure.bootstrap.components.github import (
    GitHub,
    Run,
    in_cleanup,
    in_environment,
    in_review,
    on_branch,
    pull_request,
    trust_policy,
)
from infrastructure.bootstrap.components.private_bucket import PrivateBucket, PrivateBucketArgs
from infrastructure.bootstrap.components.secrets_key import SecretsKey
from infrastructure.bootstrap.components.trail import Trail, TrailArgs
from infrastructure.bootstrap.permissions import (
    REVIEWS,
    change_policies,
    delete_policies,
    deploy_policy,
    plan_policy,
    preview_policy,
    read_policies,
    review_states_policy,
)
from infrastructure.bootstrap.settings import BootstrapSettings
from infrastructure.components.alert_topic import AlertTopic, AlertTopicArgs
from infrastructure.components.monthly_budget import MonthlyBudget, MonthlyBudgetArgs
from infrastructure.policy_documents import Document

_OLD_STATE_DAYS = 90


class AccountResources:
    """The resources that an account needs before a pipeline can deploy to it."""

    def __init__(self, settings: BootstrapSettings, region: str) -> None:
        self._settings = settings
        self._account = Account(id=settings.account_id, region=region, project=settings.project)
        self._opts = pulumi.ResourceOptions(providers=[self._provider()])

        self.key = SecretsKey("secrets", self._account, self._opts)
        self.access_logs = AccessLogs("logs", self._account, self._opts)
        self.state = self._state()
        self.github = GitHub("github", self._opts) if settings.github_provider == "create" else None
        self.boundaries = Boundaries("boundary", self._account, self._opts)
        self.roles = self._roles()
        self._monitoring()

    @property
    def outputs(self) -> Mapping[str, pulumi.Output[str]]:
        """The outputs: values for the pipeline and for the stack files of the main program."""
        secrets = pulumi.Output.concat("awskms://", self.key.alias, f"?region={self._account.region}&context_stack=")
        return {
            "state": pulumi.Output.concat("s3://", self.state.name, f"?region={self._account.region}"),
            "secrets_provider": secrets,  # the stack's name is appended
            "permissions_boundary": pulumi.Output.from_input(f"{self._account.prefix}-workload"),
            **{f"{name.replace('-', '_')}_role": role.arn for name, role in self.roles.items()},
        }

    def _provider(self) -> aws.Provider:
        """Create the provider for one region of one account, with the tag that the permissions boundaries use."""
        account, settings = self._account, self._settings
        owned = {"owner": settings.owner, "cost-center": settings.cost_center}
        tags = {"project": account.prefix, "stack": pulumi.get_stack(), **owned}
        return aws.Provider("aws", region=account.region, allowed_account_ids=[account.id], default_tags={"tags": tags})

    def _state(self) -> PrivateBucket:
        return PrivateBucket(
            "state",
            PrivateBucketArgs(
                bucket_name=self._account.bucket("state"),
                key_arn=self.key.arn,
                old_version_days=_OLD_STATE_DAYS,
                access_logs=self.access_logs.bucket,
            ),
            self._opts,
        )

    def _roles(self) -> dict[str, CiRole]:
        return self._review_roles() if self._settings.reviews else self._stack_roles()

    def _stack_roles(self) -> dict[str, CiRole]:
        account, settings, key = self._account, self._settings, self.key.arn
        stacks, branch = settings.stacks, settings.branch
        secrets = settings.previews_read_secrets
        states = key.apply(lambda arn: preview_policy(account, arn, stacks, secrets=secrets))
        plans = key.apply(lambda arn: plan_policy(account, arn, stacks))
        roles = {
            "preview": self._role("preview", pull_request(), {"states": states}),
            "plan": self._role("plan", on_branch(branch), {"states": plans, **read_policies(account)}),
        }
        for stack in stacks:
            roles[f"deploy-{stack}"] = self._deploy_role(stack, stack, in_environment(stack, branch))
        return roles

    def _review_roles(self) -> dict[str, CiRole]:
        """Create a role that deploys review stacks after an approval, and one that deletes them without."""
        account = self._account
        states = self.key.arn.apply(lambda arn: review_states_policy(account, arn))
        return {
            "deploy-review": self._deploy_role("review", REVIEWS, in_review()),
            "destroy-review": self._role(
                "destroy-review",
                in_cleanup(self._settings.branch),
                {"stack": states, **delete_policies(account)},
            ),
        }

    def _deploy_role(self, name: str, stack: str, run: Run) -> CiRole:
        account = self._account
        own = self.key.arn.apply(lambda arn: deploy_policy(account, arn, stack))
        return self._role(f"deploy-{name}", run, {"stack": own, **change_policies(account, stack)})

    def _role(self, name: str, run: Run, policies: Mapping[str, pulumi.Input[Document]]) -> CiRole:
        github = [self.github] if self.github else []
        return CiRole(
            name,
            CiRoleArgs(
                role_name=f"{self._account.prefix}-{name}",
                trust=trust_policy(self._account, self._settings.repository, run),
                policies=policies,
                boundary=self.boundaries.ci,
            ),
            # The trust policy needs the OIDC provider.
            pulumi.ResourceOptions.merge(self._opts, pulumi.ResourceOptions(depends_on=github)),
        )

    def _monitoring(self) -> None:
        """Create the trail, the budget and its topic."""
        account, settings, prefix = self._account, self._settings, self._account.prefix
        Trail(
            "trail",
            TrailArgs(
                account=account,
                retention_days=settings.trail_retention_days,
                access_logs=self.access_logs.bucket,
                boundary=self.boundaries.workload,
            ),
            self._opts,
        )
        topic = AlertTopic(
            f"{prefix}-alerts",
            AlertTopicArgs(
                account_id=account.id, email=settings.budget.email, key_alias=f"{prefix}-alerts", protect=True
            ),
            self._opts,
        )
        MonthlyBudget(f"{prefix}-account", MonthlyBudgetArgs(settings=settings.budget, topic_arn=topic.arn), self._opts)
