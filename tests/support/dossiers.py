"""Dossiers and previews as plain values."""

from typing import Any

from toolkit.pipeline.deploy.data_loss import DataLoss
from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.openapi_changes import ContractReport
from toolkit.pipeline.dossier.package_changes import PackageReport
from toolkit.pipeline.preview.model import Operation, PolicyFinding, Preview, ResourceChange

HEAD, BASE = "a" * 40, "b" * 40


def change(
    name: str, operation: Operation = "update", type: str = "aws:sns/topic:Topic", **fields: Any
) -> ResourceChange:
    return ResourceChange(f"urn:pulumi:dev::shop::{type}::{name}", type, name, operation, **fields)


def finding(rule: str, *, blocks: bool = False, **fields: Any) -> PolicyFinding:
    given: dict[str, Any] = {"urn": "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::files", "severity": "high", **fields}
    message = given.pop("message", "it is open; close it")
    return PolicyFinding(rule, "mandatory" if blocks else "advisory", message=message, blocks=blocks, **given)


def loss(name: str) -> DataLoss:
    what = "is replaced by an empty one because of hashKey"
    return DataLoss(
        f"urn:pulumi:dev::shop::aws:dynamodb/table:Table::{name}", "aws:dynamodb/table:Table", name, what, "all"
    )


def preview(stack: str = "dev", **fields: Any) -> Preview:
    given: dict[str, Any] = {"source": "offline", "status": "ok", "base_graph": "x", **fields}
    return Preview(stack, **given)


def dossier(*stacks: Preview, **fields: Any) -> Dossier:
    given: dict[str, Any] = {"contract": ContractReport(), "package": PackageReport(), **fields}
    return Dossier("shop", HEAD, BASE, stacks, **given)
