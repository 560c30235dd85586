"""Resource types of Amazon CloudFront."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import HOLDS_NOTHING, ResourceType

CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ORIGIN_REQUEST_POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
RESPONSE_HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"

DISTRIBUTIONS = ("arn:aws:cloudfront::{account}:distribution/*",)


def _distribution(new: NewResource) -> PreviewOutputs:
    identity = f"E{new.token(13).upper()}"
    return PreviewOutputs(
        identity,
        {
            "arn": new.arn("cloudfront", f"distribution/{identity}", region=False),
            "domainName": f"d{new.token(13, 'domain')}.cloudfront.net",
            "hostedZoneId": "Z2FDTNDATAQYW2",  # of every distribution
        },
    )


def _response_headers_policy(new: NewResource) -> PreviewOutputs:
    return PreviewOutputs(new.uuid(), {"name": new.named()})


TYPES = (
    ResourceType(
        CACHE_POLICY, free="part of the distribution", no_rule="is evaluated with the distribution that uses it"
    ),
    ResourceType(
        DISTRIBUTION,
        replaced_by=("staging",),
        data=HOLDS_NOTHING,
        preview=_distribution,
        permissions=Permissions(
            on=DISTRIBUTIONS,
            create="TagResource",
            update="UpdateDistribution UntagResource",
            delete="DeleteDistribution",
            read="GetDistribution GetDistributionConfig ListTagsForResource",
            change_anywhere="CreateDistribution",
        ),
    ),
    ResourceType("aws:cloudfront/keyGroup:KeyGroup", free="part of the distribution"),
    ResourceType("aws:cloudfront/keyValueStore:KeyValueStore", data=StoredData("every value of the store")),
    ResourceType(
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        free="part of the distribution",
        no_rule="is evaluated with the distribution that uses it",
    ),
    ResourceType(
        ORIGIN_REQUEST_POLICY,
        free="part of the distribution",
        no_rule="is evaluated with the distribution that uses it",
    ),
    ResourceType("aws:cloudfront/publicKey:PublicKey", free="part of the distribution"),
    ResourceType(
        RESPONSE_HEADERS_POLICY,
        name=NameForm(128),
        data=HOLDS_NOTHING,
        preview=_response_headers_policy,
        permissions=Permissions(
            on=("arn:aws:cloudfront::{account}:response-headers-policy/*",),
            update="UpdateResponseHeadersPolicy",
            delete="DeleteResponseHeadersPolicy",
            read="GetResponseHeadersPolicy",
            change_anywhere="CreateResponseHeadersPolicy",
        ),
        free="part of the distribution",
    ),
)
