"""The records by which a name leads to something of AWS."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class Target:
    """Something of AWS that a name may lead to: its own name, the zone of that, and the kinds of address it has."""

    name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    kinds: Sequence[Literal["A", "AAAA"]]


@dataclass(frozen=True, kw_only=True)
class NameRecordsArgs:
    """The name, the Route 53 zone that holds it, and where it leads."""

    name: str
    zone_id: str
    target: Target


@final
class NameRecords(pulumi.ComponentResource):
    """Leads a name to a target, whose addresses AWS keeps right.

    Creates: an aws.route53.Record per kind of address.
    """

    def __init__(self, name: str, args: NameRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:network:NameRecords", name, None, opts)
        alias: aws.route53.RecordAliasArgsDict = {
            "name": args.target.name,
            "zone_id": args.target.zone_id,
            "evaluate_target_health": False,
        }
        for kind in args.target.kinds:
            aws.route53.Record(
                f"{name}-{kind.lower()}",
                zone_id=args.zone_id,
                name=args.name,
                type=kind,
                aliases=[alias],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
