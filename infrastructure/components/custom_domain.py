"""The service's own name for the HTTP API."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.certificate import Certificate, CertificateArgs


@dataclass(frozen=True, kw_only=True)
class CustomDomainArgs:
    """The name, the Route 53 zone that holds it, and the API and stage that answer to it."""

    domain: str
    zone_id: str
    region: str
    api_id: pulumi.Input[str]
    stage: pulumi.Input[str]


@final
class CustomDomain(pulumi.ComponentResource):
    """A name with a certificate of its own, by which an HTTP API is called over TLS 1.2 or newer.

    Creates: Certificate, aws.apigatewayv2.DomainName, ApiMapping, aws.route53.Record.
    """

    host: pulumi.Output[str]

    def __init__(self, name: str, args: CustomDomainArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:network:CustomDomain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        certificate = Certificate(
            name, CertificateArgs(domain=args.domain, zone_id=args.zone_id, region=args.region), child
        )
        domain = aws.apigatewayv2.DomainName(
            f"{name}-domain",
            domain_name=args.domain,
            domain_name_configuration={
                "certificate_arn": certificate.arn,
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
            },
            opts=child,
        )
        aws.apigatewayv2.ApiMapping(
            f"{name}-mapping", api_id=args.api_id, domain_name=domain.id, stage=args.stage, opts=child
        )
        target = domain.domain_name_configuration
        aws.route53.Record(
            f"{name}-alias",
            zone_id=args.zone_id,
            name=args.domain,
            type="A",
            aliases=[
                {
                    "name": target.target_domain_name,
                    "zone_id": target.hosted_zone_id,
                    "evaluate_target_health": False,
                }
            ],
            opts=child,
        )
        self.host = domain.domain_name
        self.register_outputs({"host": self.host})
