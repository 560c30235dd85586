"""The DNS records of a domain name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class AliasTarget:
    """The target of alias records: its domain name, its hosted zone, and its record types."""

    name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    kinds: Sequence[Literal["A", "AAAA"]]


@dataclass(frozen=True, kw_only=True)
class NameRecordsArgs:
    """The domain name, its hosted zone, and the target."""

    name: str
    zone_id: str
    target: AliasTarget


@final
class NameRecords(pulumi.ComponentResource):
    """Alias records for a domain name.

    Creates: an aws.route53.Record per record type.
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
