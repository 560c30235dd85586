"""CloudFront adds only those custom headers to origin requests that AWS does not reserve."""

import pytest

from tests.support.aws import ACCOUNT, shared_aws, unique
from tests.support.examples.parents import distribution_inputs
from tests.support.stacks import ROOT
from toolkit.localcloud.provider import AwsProvider, ProviderError

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


def create(header: str) -> None:
    inputs = distribution_inputs()
    inputs["origins"][0]["customHeaders"] = [{"name": header, "value": "v"}]
    AwsProvider(shared_aws().connection, ACCOUNT, ROOT).create(DISTRIBUTION, unique("edge"), inputs)


@pytest.mark.parametrize("header", ["x-edge-key", "X-Edge-Key", "X-Amz-Key", "Host", "cookie", "X-Real-Ip", "via"])
def test_reserved_origin_header_is_rejected(header: str) -> None:
    with pytest.raises(ProviderError, match=f"InvalidArgument.*{header}"):
        create(header)


@pytest.mark.parametrize("header", ["x-origin-key", "x-edge", "x-amzn", "authorization", "x-real-ip-2"])
def test_custom_origin_header_is_accepted(header: str) -> None:
    create(header)
