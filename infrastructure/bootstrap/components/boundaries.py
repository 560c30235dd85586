"""The managed policies that are permissions boundaries."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.boundaries import ci_boundary, workload_boundary
from infrastructure.bootstrap.permissions import SERVICES


@dataclass(frozen=True, kw_only=True)
class BoundariesArgs:
    """The account of the roles."""

    account: Account


@final
class Boundaries(pulumi.ComponentResource):
    """The boundary of the pipeline's roles, and that of roles which the pipeline creates.

    Creates: two aws.iam.Policy.
    """

    ci: pulumi.Output[str]
    workload: pulumi.Output[str]

    def __init__(self, name: str, args: BoundariesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:Boundaries", name, None, opts)
        account = args.account
        protected = pulumi.ResourceOptions(parent=self, protect=True)
        workload = aws.iam.Policy(
            f"{name}-workload",
            name=f"{account.prefix}-workload",
            description="The ceiling of roles that a pipeline makes",
            policy=json.dumps(workload_boundary(account)),
            tags={"use": "boundary"},
            opts=protected,
        )
        ci = aws.iam.Policy(
            f"{name}-ci",
            name=f"{account.prefix}-ci",
            description="The ceiling of the pipeline's own roles",
            policy=json.dumps(ci_boundary(account, SERVICES)),
            tags={"use": "boundary"},
            opts=protected,
        )
        self.workload, self.ci = workload.arn, ci.arn
        self.register_outputs({"workload": self.workload, "ci": self.ci})
