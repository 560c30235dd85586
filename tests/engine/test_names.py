"""A stack with names of its own: at a domain, and at an edge before it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.engine import ORIGIN_KEY, Engine
from tests.engine.left_behind import left_in


@pytest.mark.parametrize(
    ("edge", "records"), [({}, ["A", "CNAME"]), ({"edge": {}}, ["A", "A", "AAAA", "CNAME", "CNAME"])]
)
def test_a_stack_with_names_is_previewed_made_kept_and_removed(
    edge: dict[str, Any], records: list[str], engine_of: Callable[[str], Engine]
) -> None:
    dev = engine_of("dev")
    dev.set_domain(**edge)
    route53 = dev.aws.connection.client("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]

    def found() -> list[str]:
        listed = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        return sorted(record["Type"] for record in listed if record["Type"] not in {"NS", "SOA"})

    resources = dev.done("preview").counts
    assert dev.done("up").counts == resources
    assert dev.done("stack", "output", "api_url").output.split()[0] == "https://api.example.com"
    assert found() == records
    assert dev.done("up", "--expect-no-changes").operations == {}
    assert dev.done("refresh", "--expect-no-changes").operations == {}
    assert ORIGIN_KEY not in dev.state_text
    assert dev.done("destroy").counts == {"delete": resources["create"]}
    assert found() == []
    assert left_in(dev.aws.connection) == {}


def test_a_zone_that_aws_does_not_have_is_named_and_the_next_update_goes_on(engine_of: Callable[[str], Engine]) -> None:
    dev = engine_of("dev")
    dev.configure(domain={"name": "api.example.com", "zone-id": "Z0123456789ABC"})
    refused = dev.run("up")
    assert refused.code != 0
    assert "(public-proof):" in refused.output
    assert "NoSuchHostedZone" in refused.output
    assert "Z0123456789ABC" in refused.output
    assert "Traceback" not in refused.output

    dev.configure(domain=None)
    undone = {name for name, operation in dev.done("up").named_operations.items() if operation == "delete"}
    assert undone == {"domain", "public", "public-certificate"}
    assert dev.aws.connection.client("acm").list_certificates()["CertificateSummaryList"] == []
    assert dev.done("refresh", "--expect-no-changes").operations == {}
