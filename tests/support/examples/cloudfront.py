"""Examples of the resource types of Amazon CloudFront."""

from tests.support.examples.parents import Example, Maker, Parents, distribution_inputs
from toolkit.resource_types import cloudfront as types


def distribution(_parents: Parents) -> Example:
    inputs = distribution_inputs()
    return Example(
        {**inputs, "tags": {"a": "b", "c": "d"}},
        {"priceClass": "PriceClass_200", "webAclId": "arn:another", "tags": {"a": "c"}},
    )


def response_headers_policy(_parents: Parents) -> Example:
    def transport_security(seconds: int) -> dict[str, object]:
        return {"strictTransportSecurity": {"accessControlMaxAgeSec": seconds, "override": True}}

    return Example(
        {"securityHeadersConfig": transport_security(60)},
        {"securityHeadersConfig": transport_security(120)},
        {"name": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.DISTRIBUTION: distribution,
    types.RESPONSE_HEADERS_POLICY: response_headers_policy,
}
