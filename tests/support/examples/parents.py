"""What an example of a resource type is, and the resources that examples hang on."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pulumi

from tests.support.aws import ACCOUNT, shared_aws, unique
from toolkit.localcloud.provider import AwsProvider

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ],
    }
)


def policy(action: str, resource: str = "*", **more: Any) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}],
        }
    )


@dataclass(frozen=True)
class Example:
    """Inputs of a resource, inputs that change in place, and one that replaces."""

    inputs: Mapping[str, Any]
    change: Mapping[str, Any] = field(default_factory=dict)
    replaces: Mapping[str, Any] = field(default_factory=dict)
    not_returned: frozenset[str] = frozenset()
    """Inputs that AWS never gives back."""


def distribution_inputs() -> dict[str, Any]:
    origin = {
        "originId": "api",
        "domainName": "origin.example.com",
        "customHeaders": [{"name": "x-origin-key", "value": "k"}],
        "customOriginConfig": {
            "httpPort": 80,
            "httpsPort": 443,
            "originProtocolPolicy": "https-only",
            "originSslProtocols": ["TLSv1.2"],
            "originReadTimeout": 30,
        },
    }
    behavior = {
        "targetOriginId": "api",
        "viewerProtocolPolicy": "redirect-to-https",
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "compress": True,
    }
    return {
        "enabled": True,
        "aliases": ["api.example.com"],
        "origins": [origin],
        "defaultCacheBehavior": behavior,
        "viewerCertificate": {"acmCertificateArn": "arn:one", "sslSupportMethod": "sni-only"},
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
    }


class Parents:
    """What resources hang on, created the first time it is asked for."""

    def __init__(self, provider: AwsProvider) -> None:
        self._provider = provider

    def made(self, type: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The id and outputs of a new resource."""
        created = self._provider.create(type, unique("parent"), inputs)
        return created.id, created.outputs

    @cached_property
    def bucket(self) -> str:
        return self.made("aws:s3/bucket:Bucket", {})[0]

    @cached_property
    def role(self) -> dict[str, Any]:
        role = self.made("aws:iam/role:Role", {"assumeRolePolicy": TRUST})[1]
        self.made("aws:iam/rolePolicy:RolePolicy", {"role": role["name"], "policy": policy("*")})
        return role

    @cached_property
    def scheduler_role(self) -> str:
        trust = policy("sts:AssumeRole", Principal={"Service": "scheduler.amazonaws.com"})
        without_resource = json.loads(trust)
        del without_resource["Statement"][0]["Resource"]
        return str(self.made("aws:iam/role:Role", {"assumeRolePolicy": json.dumps(without_resource)})[1]["arn"])

    @cached_property
    def queue(self) -> dict[str, Any]:
        return self.made("aws:sqs/queue:Queue", {})[1]

    @cached_property
    def stream(self) -> str:
        inputs = {
            "attributes": [{"name": "owner", "type": "S"}],
            "hashKey": "owner",
            "billingMode": "PAY_PER_REQUEST",
            "streamEnabled": True,
            "streamViewType": "NEW_AND_OLD_IMAGES",
        }
        return str(self.made("aws:dynamodb/table:Table", inputs)[1]["streamArn"])

    @cached_property
    def function(self) -> dict[str, Any]:
        return self.made("aws:lambda/function:Function", self.function_inputs())[1]

    @cached_property
    def alias(self) -> dict[str, Any]:
        inputs = {"functionName": self.function["name"], "functionVersion": self.function["version"]}
        return self.made("aws:lambda/alias:Alias", inputs)[1]

    @cached_property
    def api(self) -> str:
        return self.made("aws:apigatewayv2/api:Api", {"protocolType": "HTTP"})[0]

    @cached_property
    def pool(self) -> str:
        return self.made("aws:cognito/userPool:UserPool", {})[0]

    @cached_property
    def secret(self) -> str:
        return self.made("aws:secretsmanager/secret:Secret", {})[0]

    @cached_property
    def key(self) -> str:
        return self.made("aws:kms/key:Key", {})[0]

    @property
    def key_arn(self) -> str:
        return str(shared_aws().connection.client("kms").describe_key(KeyId=self.key)["KeyMetadata"]["Arn"])

    @cached_property
    def log_key_arn(self) -> str:
        """A key that the account and CloudWatch Logs may use."""
        principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root", "Service": "logs.us-east-1.amazonaws.com"}
        return str(self.made("aws:kms/key:Key", {"policy": policy("kms:*", Principal=principal)})[1]["arn"])

    @cached_property
    def topic(self) -> str:
        return self.made("aws:sns/topic:Topic", {})[0]

    @cached_property
    def certificate(self) -> str:
        inputs = {"domainName": "api.example.com", "validationMethod": "DNS"}
        return self.made("aws:acm/certificate:Certificate", inputs)[0]

    @cached_property
    def application(self) -> str:
        return self.made("aws:codedeploy/application:Application", {"computePlatform": "Lambda"})[0]

    @cached_property
    def distribution(self) -> dict[str, Any]:
        return self.made("aws:cloudfront/distribution:Distribution", distribution_inputs())[1]

    @cached_property
    def domain(self) -> str:
        configuration = {"certificateArn": self.certificate, "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"}
        inputs = {"domainName": f"{unique('parent')}.example.com", "domainNameConfiguration": configuration}
        return self.made("aws:apigatewayv2/domainName:DomainName", inputs)[0]

    @cached_property
    def stage(self) -> str:
        return self.made("aws:apigatewayv2/stage:Stage", {"apiId": self.api, "name": unique("stage")})[0]

    @cached_property
    def zone(self) -> str:
        route53 = shared_aws().connection.client("route53")
        answer = route53.create_hosted_zone(Name="example.com", CallerReference=unique("zone"))
        return str(answer["HostedZone"]["Id"].rpartition("/")[2])

    def function_inputs(self) -> dict[str, Any]:
        return {
            "role": self.role["arn"],
            "handler": "api.lambda_handler.handler",
            "runtime": "python3.13",
            "architectures": ["arm64"],
            "code": pulumi.AssetArchive({"main.py": pulumi.StringAsset("def handler(event, context): ...")}),
            "publish": True,
        }


Maker = Callable[[Parents], Example]
