"""The way into a stack changes while callers use it: a name, then an edge before it, then the name alone again."""

from collections.abc import Callable

import pytest

from tests.engine.engine import Engine

NAME = "api.example.com"


@pytest.fixture(scope="module")
def named(engine_of: Callable[[str], Engine]) -> Engine:
    """A stack with a name of its own."""
    engine = engine_of("dev")
    engine.set_domain()
    engine.done("up")
    return engine


def leads_to(engine: Engine) -> dict[str, str]:
    """Where the records of the name lead, by the kind of address."""
    route53 = engine.aws.connection.client("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    return {
        each["Type"]: each["AliasTarget"]["DNSName"].rstrip(".").partition(".")[2]
        for each in records
        if each["Name"].rstrip(".") == NAME and "AliasTarget" in each
    }


def test_an_edge_comes_before_a_name_in_use_and_goes_again(named: Engine) -> None:
    gateway = "execute-api.eu-central-1.amazonaws.com"
    assert leads_to(named) == {"A": gateway}

    named.set("owner: items-team", "owner: items-team\n    edge: {}")
    before_it = named.done("up").named_operations
    assert (before_it["public-a"], before_it["public-aaaa"]) == ("update", "create")
    assert before_it["edge-distribution"] == before_it["edge-acl-logging"] == "create"
    assert leads_to(named) == {"A": "cloudfront.net", "AAAA": "cloudfront.net"}
    assert named.done("up", "--expect-no-changes").operations == {}
    assert named.done("refresh", "--expect-no-changes").operations == {}

    named.set("\n    edge: {}", "")
    assert named.done("up").named_operations["public-a"] == "update"
    assert leads_to(named) == {"A": gateway}
    assert named.done("up", "--expect-no-changes").operations == {}
    assert named.done("destroy").counts.keys() == {"delete"}
    assert leads_to(named) == {}
