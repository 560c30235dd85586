"""The provider's functions: caller identity, region and partition."""

from collections.abc import Callable, Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Properties


def _caller_identity(aws: Aws, _args: Properties) -> dict[str, Any]:
    identity = aws.client("sts").get_caller_identity()
    return {
        "accountId": identity["Account"],
        "arn": identity["Arn"],
        "userId": identity["UserId"],
        "id": identity["Account"],
    }


def _region(aws: Aws, _args: Properties) -> dict[str, Any]:
    return {"name": aws.region, "region": aws.region, "id": aws.region, "endpoint": f"ec2.{aws.region}.amazonaws.com"}


def _partition(_aws: Aws, _args: Properties) -> dict[str, Any]:
    return {
        "partition": "aws",
        "id": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    }


INVOKES: Mapping[str, Callable[[Aws, Properties], Mapping[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
}
