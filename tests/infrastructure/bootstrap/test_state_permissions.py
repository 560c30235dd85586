"""The permissions to read and write states, and to decrypt the secrets in them."""

import json

import pytest
import yaml

from tests.support.accounts import ACCOUNTS, BOOTSTRAP, PREFIX, REGION, admits, bootstrap_graph, may, named, policies
from toolkit.stacks import evaluate

S3 = {"kms__viaservice": f"s3.{REGION}.amazonaws.com"}


def state(account: str, path: str) -> str:
    return f"arn:aws:s3:::{PREFIX}-state-{ACCOUNTS[account]}/.pulumi/{path}"


def key(account: str) -> str:
    return str(named(bootstrap_graph(account), "secrets-key").outputs["arn"])


def secret_of(stack: str) -> dict[str, str]:
    """Return the encryption context of a stack's secrets."""
    return {"kms__encryptioncontext__stack": stack}


@pytest.mark.parametrize("role", ["preview", "plan", "deploy-prod"])
def test_every_pipeline_role_can_read_states(role: str) -> None:
    bucket = f"arn:aws:s3:::{PREFIX}-state-{ACCOUNTS['prod']}"

    assert may("prod", role, "s3:GetObject", state("prod", "stacks/items-api/prod.json"))
    assert may("prod", role, "s3:GetObject", state("prod", "meta.yaml"))
    assert may("prod", role, "s3:ListBucket", bucket, s3__prefix=".pulumi/stacks/items-api/")
    assert not may("prod", role, "s3:ListBucket", bucket, s3__prefix="other/")
    assert may("prod", role, "kms:Decrypt", key("prod"), **S3)
    assert not may("prod", role, "kms:Decrypt", key("prod"))


@pytest.mark.parametrize("role", ["preview", "plan"])
@pytest.mark.parametrize("action", ["s3:PutObject", "s3:DeleteObject"])
def test_read_only_role_cannot_write_state(role: str, action: str) -> None:
    assert not may("prod", role, action, state("prod", "stacks/items-api/prod.json"))
    assert not may("prod", role, "kms:GenerateDataKey", key("prod"), **S3)


@pytest.mark.parametrize("action", ["s3:PutObject", "s3:DeleteObject"])
def test_deploy_role_writes_only_state_of_its_stack(action: str) -> None:
    own = [
        *("stacks/items-api/prod.json", "stacks/items-api/prod.json.bak", "stacks/items-api/prod.pulumi-tags"),
        *("locks/organization/items-api/prod/0.json", "history/items-api/prod/0.json", "backups/items-api/prod/0"),
    ]
    others = [
        *("stacks/items-api/staging.json", "stacks/items-api/prod-2.json", "stacks/other/prod.json", "meta.yaml"),
        *("locks/organization/items-api/staging/0.json", "history/items-api/prod-2/0.json"),
    ]

    assert [may("prod", "deploy-prod", action, state("prod", path)) for path in own] == [True] * len(own)
    assert [may("prod", "deploy-prod", action, state("prod", path)) for path in others] == [False] * len(others)
    assert may("prod", "deploy-prod", "kms:GenerateDataKey", key("prod"), **S3)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_pull_request_cannot_decrypt_secrets_by_default(account: str) -> None:
    for stack in (account, "review-7", "*"):
        assert not may(account, "preview", "kms:Decrypt", key(account), **secret_of(stack))
    assert not any("DecryptSecrets" in policy for policy in policies(account, "preview").values())


def test_pull_request_decrypts_secrets_if_setting_allows_it() -> None:
    config = yaml.safe_load((BOOTSTRAP / "Pulumi.dev.yaml").read_text())["config"]["items-api-bootstrap:settings"]
    settings = {"items-api-bootstrap:settings": json.dumps({**config, "previews-read-secrets": True})}
    policy = named(evaluate("dev", root=BOOTSTRAP, config=settings), "preview-states").inputs["policy"]

    assert admits([policy], "kms:Decrypt", key("dev"), **secret_of("dev"))
    assert not admits([policy], "kms:Decrypt", key("dev"), **secret_of("other"))


@pytest.mark.parametrize("role", ["plan", "deploy-prod"])
def test_role_of_reviewed_run_decrypts_only_secrets_of_its_stack(role: str) -> None:
    assert may("prod", role, "kms:Decrypt", key("prod"), **secret_of("prod"))
    assert not may("prod", role, "kms:Decrypt", key("prod"), **secret_of("staging"))
    assert not may("prod", role, "kms:Decrypt", key("prod").replace("key/", "key/0"), **secret_of("prod"))


@pytest.mark.parametrize(
    "action",
    [
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "logs:FilterLogEvents", "logs:GetLogEvents"),
        *("secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter"),
    ],
)
def test_pull_request_cannot_read_data(action: str) -> None:
    assert not may("dev", "preview", action)
