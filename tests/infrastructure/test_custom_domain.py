"""The URL of the API: the one that AWS assigns, or a custom domain."""

from typing import Any

import pytest

from tests.support.stacks import CERTIFICATE, DOMAIN, ORIGIN_KEY, ROOT, configured, counts, only, settings_errors, stack
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.provider import AwsProvider
from toolkit.stacks import evaluate, reveal

REGION = "eu-central-1"


def test_stack_without_domain_has_url_of_api_gateway() -> None:
    graph = stack()

    assert only(graph, "http-api")["disableExecuteApiEndpoint"] is False
    assert graph.outputs["api_url"].endswith(f".execute-api.{REGION}.amazonaws.com")


def test_domain_adds_certificate_mapping_and_record() -> None:
    assert counts(stack(domain=DOMAIN)) - counts(stack()) == {
        **CERTIFICATE,
        "items-api:network:CustomDomain": 1,
        "items-api:network:NameRecords": 1,
        "aws:route53/record:Record": 2,
        "aws:apigatewayv2/domainName:DomainName": 1,
        "aws:apigatewayv2/apiMapping:ApiMapping": 1,
    }


def test_custom_domain_with_tls_1_2_is_the_only_endpoint() -> None:
    graph = stack(domain=DOMAIN)
    certificate, domain = only(graph, "public-certificate"), only(graph, "domain-domain")

    assert graph.outputs["api_url"] == "https://api.example.com"
    assert only(graph, "http-api")["disableExecuteApiEndpoint"] is True
    assert (certificate["domainName"], certificate["validationMethod"]) == ("api.example.com", "DNS")
    assert certificate["region"] == REGION
    configuration = domain["domainNameConfiguration"]
    assert (configuration["endpointType"], configuration["securityPolicy"]) == ("REGIONAL", "TLS_1_2")
    assert configuration["certificateArn"].startswith(f"arn:aws:acm:{REGION}:333333333333:certificate/")
    mapping, (api,) = only(graph, "domain-mapping"), graph.of_type("aws:apigatewayv2/api:Api")
    assert (mapping["apiId"], mapping["stage"], mapping["domainName"]) == (api.id, "$default", "api.example.com")


def test_records_validate_the_certificate_and_point_to_the_api() -> None:
    graph = stack(domain=DOMAIN)
    proof, alias = only(graph, "public-proof"), only(graph, "public-a")
    (certificate,) = graph.of_type("aws:acm/certificate:Certificate")
    (wanted,) = certificate.outputs["domainValidationOptions"]

    assert proof["zoneId"] == alias["zoneId"] == DOMAIN["zone-id"]
    assert (proof["name"], proof["records"]) == (wanted["resourceRecordName"], [wanted["resourceRecordValue"]])
    assert (alias["name"], alias["type"]) == ("api.example.com", "A")
    assert alias["aliases"][0]["name"].endswith(f".execute-api.{REGION}.amazonaws.com")


@pytest.mark.parametrize(
    ("stack", "domain", "sentence"),
    [
        ("prod", {"name": "api.example.com"}, "F: domain.zone-id is missing."),
        (
            "prod",
            {**DOMAIN, "zone-id": "example.com"},
            "F: domain.zone-id is 'example.com': a hosted zone id has 5",
        ),
        ("prod", {**DOMAIN, "name": "https://api.example.com"}, "F: domain.name is 'https://api.example.com': a host"),
        ("prod", {**DOMAIN, "name": "api"}, "F: domain.name is 'api': a host name has up to 57"),
        ("prod", {**DOMAIN, "name": "*.example.com"}, "F: domain.name is '*.example.com': a host name has up to 57"),
        ("local", DOMAIN, "F: local must not set domain: a public domain name cannot point to this machine."),
    ],
)
def test_invalid_domain_is_rejected_with_one_sentence(stack: str, domain: dict[str, str], sentence: str) -> None:
    (error,) = settings_errors(stack, domain=domain)

    assert error.startswith(sentence)


@pytest.mark.parametrize(
    ("more", "records"), [({}, ["A", "CNAME"]), ({"edge": {}}, ["A", "A", "AAAA", "CNAME", "CNAME"])]
)
def test_stack_with_domain_is_created_in_embedded_aws(more: dict[str, Any], records: list[str]) -> None:
    with EmbeddedAws(account_id="333333333333", region=REGION) as aws:
        route53 = aws.connection.client("route53")
        zone = route53.create_hosted_zone(Name="example.com", CallerReference="once")["HostedZone"]["Id"]
        domain = {**DOMAIN, "zone-id": zone.rpartition("/")[2]}
        provider = AwsProvider(aws.connection, "333333333333", ROOT)
        # This AWS has no bootstrap stack, so no boundary: a role whose boundary is missing may do nothing.
        settings: dict[str, Any] = {"domain": domain, "permissions-boundary": None, **more}
        config = configured(**settings) | {ORIGIN_KEY: "k" * 40}
        graph = evaluate("prod", root=ROOT, provider=provider, config=config)
        for resource in graph.resources:
            if resource.custom:
                outputs = reveal(dict(resource.outputs))
                assert provider.read(resource.type, resource.id, outputs) is not None, resource.urn
        listed = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert sorted(each["Type"] for each in listed if each["Type"] not in {"NS", "SOA"}) == records
