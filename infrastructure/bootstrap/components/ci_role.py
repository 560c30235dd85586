"""A role that workflow runs on GitHub can assume."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.policy_documents import Document

_ONE_HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class CiRoleArgs:
    """Name, trust policy, permissions and permissions boundary."""

    role_name: str
    trust: Document
    policies: Mapping[str, pulumi.Input[Document]]
    boundary: pulumi.Input[str]


@final
class CiRole(pulumi.ComponentResource):
    """A role with sessions of at most one hour, its own policies and a permissions boundary.

    Creates: aws.iam.Role and, for each of its policies, Policy and RolePolicyAttachment.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: CiRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:CiRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            name=args.role_name,
            assume_role_policy=json.dumps(args.trust),
            permissions_boundary=args.boundary,
            max_session_duration=_ONE_HOUR,
            opts=child,
        )
        for part, policy in args.policies.items():
            managed = aws.iam.Policy(
                f"{name}-{part}",
                name=f"{args.role_name}-{part}",
                policy=pulumi.Output.json_dumps(policy, separators=(",", ":")),
                opts=child,
            )
            aws.iam.RolePolicyAttachment(f"{name}-{part}-attached", role=role.name, policy_arn=managed.arn, opts=child)
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
