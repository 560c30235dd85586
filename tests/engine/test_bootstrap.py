"""The bootstrap stack of an account from its first preview to its end, by the real engine, in an embedded AWS."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from tests.engine.engine import Engine
from tests.engine.left_behind import left_in
from tests.engine.test_same_graph import assert_same
from tests.support.whole_program import ROOT, STACKS
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.stacks import evaluate

REGION = "eu-central-1"
NEEDED = {"boundary-workload", "secrets-key", "trail-bucket", "trail-key"}
"""Protected resources that another protected one depends on: a destroy refuses that one, and never comes to these."""
PROTECTED = NEEDED | {
    *("boundary-ci", "items-api-bootstrap-alerts-key", "logs-bucket", "secrets-alias", "state-bucket", "trail-trail"),
}


class BootstrapEngine(Engine):
    """An account's stack of the second project, in an account of its own."""

    def __enter__(self) -> Self:
        (self.folder / "state").mkdir()
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "infrastructure", self.root / "infrastructure", ignore=ignored)
        self.root /= "infrastructure/bootstrap"
        self.aws = self._ends.enter_context(EmbeddedAws(account_id=STACKS[self.stack], region=REGION))
        self.done("stack", "init", self.stack)
        return self


@pytest.fixture(scope="module")
def prod(cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BootstrapEngine]:
    with BootstrapEngine(cli, "prod", tmp_path_factory.mktemp("bootstrap")) as engine:
        yield engine


def client(engine: Engine, service: str) -> Any:
    return engine.aws.connection.client(service)


def empty(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for entry in page.get("Versions", ()):
            s3.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])


def test_an_account_is_prepared_kept_and_given_back(prod: BootstrapEngine) -> None:
    graph = evaluate("prod", root=prod.root)

    assert prod.done("preview").counts == {"create": len(graph.resources)}
    assert left_in(prod.aws.connection) == {}
    assert prod.done("up").counts == {"create": len(graph.resources)}
    registered = {resource["urn"]: resource for resource in prod.state}
    assert {resource.urn for resource in graph.resources} == registered.keys()
    for resource in graph.resources:
        assert_same(resource, registered[resource.urn])
    assert prod.done("up", "--expect-no-changes").operations == {}
    assert prod.done("refresh", "--expect-no-changes").operations == {}

    role = client(prod, "iam").get_role(RoleName="items-api-bootstrap-deploy-prod")["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/items-api-bootstrap-ci")
    assert client(prod, "cloudtrail").get_trail_status(Name="items-api-bootstrap")["IsLogging"]

    refused = prod.run("destroy")
    assert refused.code != 0
    assert len(prod.state) == len(registered)
    protected = {resource["urn"].rpartition("::")[2] for resource in prod.state if resource.get("protect")}
    assert protected == PROTECTED
    for name in PROTECTED - NEEDED:
        assert f"({name}):\n    error: Preview failed" in refused.output, refused.output

    prod.done("state", "unprotect", "--all", "--yes")
    refused = prod.run("destroy")
    assert refused.code != 0
    assert "items-api-bootstrap-logs-333333333333: DeleteBucket failed: BucketNotEmpty" in refused.output
    empty(client(prod, "s3"), "items-api-bootstrap-logs-333333333333")
    prod.done("destroy")
    assert left_in(prod.aws.connection) == {}
    assert client(prod, "cloudtrail").list_trails()["Trails"] == []
    assert client(prod, "iam").list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
    assert client(prod, "iam").list_policies(Scope="Local")["Policies"] == []
    assert prod.state == []
