"""The names of HTTP APIs, and which API answers to which."""

import hashlib
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, to_aws
from toolkit.resource_types.apigatewayv2 import DOMAIN_NAME

CONFIGURATION = {
    "certificateArn": "CertificateArn",
    "endpointType": "EndpointType",
    "securityPolicy": "SecurityPolicy",
}
MAPPING = {"apiId": "ApiId", "apiMappingKey": "ApiMappingKey", "domainName": "DomainName", "stage": "Stage"}


def _arguments(wanted: Properties) -> dict[str, Any]:
    configuration = to_aws(wanted, {"domainNameConfiguration": ("One", CONFIGURATION)})["One"]
    return {"DomainName": wanted["domainName"], "DomainNameConfigurations": [configuration]}


def _create(aws: Aws, wanted: Properties) -> str:
    aws.client("apigatewayv2").create_domain_name(**_arguments(wanted), Tags=dict(wanted["tagsAll"]))
    return str(wanted["domainName"])


def _read(aws: Aws, domain: str, _known: Properties) -> dict[str, Any] | None:
    answer = unless_gone(aws.client("apigatewayv2").get_domain_name, DomainName=domain)
    if answer is None:
        return None
    label = hashlib.sha256(domain.encode()).hexdigest()[:10]
    return {
        "domainName": domain,
        "arn": f"arn:aws:apigateway:{aws.region}::/domainnames/{domain}",
        "domainNameConfiguration": {
            **from_aws(answer["DomainNameConfigurations"][0], CONFIGURATION),
            "targetDomainName": f"d-{label}.execute-api.{aws.region}.amazonaws.com",
            "hostedZoneId": "Z1U9ULNL0V5AJ3",
        },
    }


def _tags(_aws: Aws, _domain: str, _state: Properties, _tags: Mapping[str, str], _gone: list[str]) -> None:
    """Tell nobody: moto's tagging of API Gateway ends at APIs and VPC links."""


def _delete(aws: Aws, domain: str, _outputs: Properties) -> None:
    aws.client("apigatewayv2").delete_domain_name(DomainName=domain)


def _create_mapping(aws: Aws, wanted: Properties) -> str:
    return str(aws.client("apigatewayv2").create_api_mapping(**to_aws(wanted, MAPPING))["ApiMappingId"])


def _mapping(resource_id: str, known: Properties) -> dict[str, str]:
    """The mapping: `id/domain` as Pulumi imports it, or the id with the domain known."""
    own, _, domain = resource_id.partition("/")
    return {"ApiMappingId": own, "DomainName": domain or str(known["domainName"])}


def _read_mapping(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
    where = _mapping(resource_id, known)
    answer = unless_gone(aws.client("apigatewayv2").get_api_mapping, **where)
    return answer and {**from_aws(answer, MAPPING), "domainName": where["DomainName"]}


def _update_mapping(
    aws: Aws, resource_id: str, state: Properties, wanted: Properties, _changed: frozenset[str]
) -> None:
    where = _mapping(resource_id, state)
    aws.client("apigatewayv2").update_api_mapping(**{"ApiMappingKey": "", **to_aws(wanted, MAPPING), **where})


ENTRIES = (
    Entry(
        type=DOMAIN_NAME,
        inputs=frozenset({"domainName", "domainNameConfiguration", "tags"}),
        required=frozenset({"domainName", "domainNameConfiguration"}),
        replaced_by=frozenset({"domainName"}),
        unread=frozenset({"tagsAll"}),
        tags=_tags,
        create=_create,
        read=_read,
        update=lambda aws, _id, _state, wanted, _changed: aws.client("apigatewayv2").update_domain_name(
            **_arguments(wanted)
        ),
        delete=_delete,
    ),
    Entry(
        type="aws:apigatewayv2/apiMapping:ApiMapping",
        inputs=frozenset(MAPPING),
        required=frozenset({"apiId", "domainName", "stage"}),
        replaced_by=frozenset({"domainName"}),
        create=_create_mapping,
        read=_read_mapping,
        update=_update_mapping,
        delete=lambda aws, resource_id, outputs: aws.client("apigatewayv2").delete_api_mapping(
            **_mapping(resource_id, outputs)
        ),
    ),
)
