"""The bootstrap stack of each account is created in the embedded AWS, which rejects what AWS rejects."""

import json

import pytest
import yaml

from tests.support.accounts import ACCOUNTS, BOOTSTRAP, REGION, named
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.provider import AwsProvider
from toolkit.stacks import EvaluationError, ResourceGraph, evaluate

KEY = "items-api-bootstrap:settings"
ISSUER = "https://token.actions.githubusercontent.com"


def create(aws: EmbeddedAws, account: str, **changes: str) -> ResourceGraph:
    provider = AwsProvider(aws.connection, ACCOUNTS[account], BOOTSTRAP)
    written = yaml.safe_load((BOOTSTRAP / f"Pulumi.{account}.yaml").read_text())["config"][KEY]
    config = {KEY: json.dumps({**written, **changes})}
    return evaluate(account, root=BOOTSTRAP, provider=provider, dry_run=False, config=config)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_bootstrap_resource_is_created_in_embedded_aws(account: str) -> None:
    with EmbeddedAws(account_id=ACCOUNTS[account], region=REGION) as aws:
        graph = create(aws, account)
        trail = aws.connection.client("cloudtrail").get_trail(Name=named(graph, "trail-trail").id)["Trail"]
        assert trail["CloudWatchLogsRoleArn"] == named(graph, "trail-role").outputs["arn"]


def test_existing_github_provider_is_kept_and_trusted() -> None:
    with EmbeddedAws(account_id=ACCOUNTS["dev"], region=REGION) as aws:
        iam = aws.connection.client("iam")
        existing = iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["sts.amazonaws.com"])
        arn = existing["OpenIDConnectProviderArn"]
        graph = create(aws, "dev", **{"github-provider": "existing"})

        assert not graph.of_type("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
        trust = json.loads(named(graph, "deploy-dev-role").inputs["assumeRolePolicy"])
        assert [statement["Principal"] for statement in trust["Statement"]] == [{"Federated": arn}]


def test_second_github_provider_is_rejected() -> None:
    with EmbeddedAws(account_id=ACCOUNTS["dev"], region=REGION) as aws:
        aws.connection.client("iam").create_open_id_connect_provider(Url=ISSUER)
        with pytest.raises(EvaluationError, match=r"github-provider .*EntityAlreadyExists"):
            create(aws, "dev")
