"""A custom domain of the HTTP API."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.name_records import AliasTarget


@dataclass(frozen=True, kw_only=True)
class CustomDomainArgs:
    """The domain name, its certificate, and the API and stage that it maps to."""

    domain: str
    certificate: pulumi.Input[str]
    api_id: pulumi.Input[str]
    stage: pulumi.Input[str]


@final
class CustomDomain(pulumi.ComponentResource):
    """A regional custom domain with TLS 1.2 or newer; it needs a DNS record.

    Creates: aws.apigatewayv2.DomainName, ApiMapping.
    """

    host: pulumi.Output[str]
    target: AliasTarget

    def __init__(self, name: str, args: CustomDomainArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:network:CustomDomain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        domain = aws.apigatewayv2.DomainName(
            f"{name}-domain",
            domain_name=args.domain,
            domain_name_configuration={
                "certificate_arn": args.certificate,
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
            },
            opts=child,
        )
        aws.apigatewayv2.ApiMapping(
            f"{name}-mapping", api_id=args.api_id, domain_name=domain.id, stage=args.stage, opts=child
        )
        configuration = domain.domain_name_configuration
        self.host = domain.domain_name
        self.target = AliasTarget(
            name=configuration.target_domain_name, zone_id=configuration.hosted_zone_id, kinds=("A",)
        )
        self.register_outputs({"host": self.host})
