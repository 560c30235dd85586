"""Each account's foundation is created in the embedded AWS, which refuses what AWS refuses."""

import pytest

from localcloud.aws import EmbeddedAws
from localcloud.provider import AwsProvider
from stackgraph import evaluate
from tests.support.accounts import ACCOUNTS, BOOTSTRAP, REGION, named


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_resource_of_a_foundation_is_created(account: str) -> None:
    with EmbeddedAws(account_id=ACCOUNTS[account], region=REGION) as aws:
        provider = AwsProvider(aws.connection, ACCOUNTS[account], BOOTSTRAP)
        graph = evaluate(account, root=BOOTSTRAP, provider=provider, dry_run=False)
        trail = aws.connection.client("cloudtrail").get_trail(Name=named(graph, "trail-trail").id)["Trail"]
        assert trail["CloudWatchLogsRoleArn"] == named(graph, "trail-role").outputs["arn"]
