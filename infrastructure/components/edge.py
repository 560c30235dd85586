"""The edge: CloudFront with a web ACL in front of the HTTP API, to which AWS WAF cannot be attached."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.components.firewall import Firewall, FirewallArgs
from infrastructure.components.log_key import LogKey, LogKeyArgs
from infrastructure.components.name_records import AliasTarget
from infrastructure.settings.groups import EdgeSettings

EDGE_REGION = "us-east-1"  # the region of CloudFront's certificates, web ACLs and logs
_CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # managed policies, the same in every account
_ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
_TWO_YEARS = 63_072_000


@dataclass(frozen=True, kw_only=True)
class EdgeArgs:
    """The domain name, the origin, the origin key, and the logs."""

    settings: EdgeSettings
    domain: str
    certificate: pulumi.Input[str]
    origin: pulumi.Input[str]
    key: pulumi.Output[str]
    name_prefix: str
    log_group_name: str
    encrypts_logs: bool
    account_id: str
    protect: bool


@final
class Edge(pulumi.ComponentResource):
    """A distribution with TLS 1.2 or newer, HSTS, a web ACL and access logs; it caches nothing and needs DNS records.

    Creates: Firewall, aws.cloudfront.ResponseHeadersPolicy, Distribution, aws.cloudwatch.LogGroup, LogDeliverySource,
    LogDeliveryDestination, LogDelivery and, where logs are encrypted, LogKey.
    """

    host: pulumi.Output[str]
    target: AliasTarget

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:network:Edge", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        firewall_logs = f"aws-waf-logs-{args.name_prefix}"  # the prefix is required by WAF
        log_key = self._log_key(name, args, firewall_logs) if args.encrypts_logs else None
        firewall = Firewall(
            name,
            FirewallArgs(settings=args.settings, log_group_name=firewall_logs, log_key=log_key, region=EDGE_REGION),
            self._child,
        )
        distribution = self._distribution(name, args, firewall.arn)
        self._logs(name, args, distribution.arn, log_key)
        self.host = pulumi.Output.from_input(args.domain)
        self.target = AliasTarget(
            name=distribution.domain_name, zone_id=distribution.hosted_zone_id, kinds=("A", "AAAA")
        )
        self.register_outputs({"host": self.host})

    def _distribution(self, name: str, args: EdgeArgs, firewall: pulumi.Input[str]) -> "aws.cloudfront.Distribution":
        return aws.cloudfront.Distribution(
            f"{name}-distribution",
            comment="Before the items API",
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class=args.settings.price_class,
            aliases=[args.domain],
            web_acl_id=firewall,
            origins=[
                {
                    "origin_id": "http-api",
                    "domain_name": args.origin,
                    "custom_headers": [{"name": "x-origin-key", "value": args.key}],
                    "custom_origin_config": {
                        "http_port": 80,
                        "https_port": 443,
                        "origin_protocol_policy": "https-only",
                        "origin_ssl_protocols": ["TLSv1.2"],
                        "origin_read_timeout": 30,
                    },
                }
            ],
            default_cache_behavior={
                "target_origin_id": "http-api",
                "viewer_protocol_policy": "redirect-to-https",
                "allowed_methods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                "cached_methods": ["GET", "HEAD"],
                "cache_policy_id": _CACHING_DISABLED,
                "origin_request_policy_id": _ALL_VIEWER_EXCEPT_HOST_HEADER,
                "response_headers_policy_id": self._headers(name),
                "compress": True,
            },
            viewer_certificate={
                "acm_certificate_arn": args.certificate,
                "ssl_support_method": "sni-only",
                "minimum_protocol_version": "TLSv1.2_2021",
            },
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            opts=self._child,
        )

    def _headers(self, name: str) -> pulumi.Output[str]:
        policy = aws.cloudfront.ResponseHeadersPolicy(
            f"{name}-headers",
            comment="Browsers come back over TLS only",
            security_headers_config={
                "strict_transport_security": {
                    "access_control_max_age_sec": _TWO_YEARS,
                    "include_subdomains": True,
                    "override": True,
                }
            },
            opts=self._child,
        )
        return policy.id

    def _log_key(self, name: str, args: EdgeArgs, firewall_logs: str) -> pulumi.Output[str]:
        """Create a key in the region of the log groups."""
        key = LogKey(
            f"{name}-logs",
            LogKeyArgs(
                account_id=args.account_id,
                region=EDGE_REGION,
                alias=f"{args.name_prefix}-logs",
                log_groups=(args.log_group_name, firewall_logs),
                protect=args.protect,
            ),
            self._child,
        )
        return key.arn

    def _logs(self, name: str, args: EdgeArgs, distribution: pulumi.Input[str], key: pulumi.Input[str] | None) -> None:
        group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=args.log_group_name,
            retention_in_days=args.settings.log_retention_days,
            kms_key_id=key,
            region=EDGE_REGION,
            opts=self._child,
        )
        source = aws.cloudwatch.LogDeliverySource(
            f"{name}-log-source",
            name=args.name_prefix,
            log_type="ACCESS_LOGS",
            resource_arn=distribution,
            region=EDGE_REGION,
            opts=self._child,
        )
        destination = aws.cloudwatch.LogDeliveryDestination(
            f"{name}-log-destination",
            name=args.name_prefix,
            output_format="json",
            delivery_destination_configuration={"destination_resource_arn": group.arn},
            region=EDGE_REGION,
            opts=self._child,
        )
        aws.cloudwatch.LogDelivery(
            f"{name}-log-delivery",
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            region=EDGE_REGION,
            opts=self._child,
        )
