"""The resource provider of the embedded AWS: it creates each resource type of the Pulumi program with boto3."""

from toolkit.localcloud.provider.errors import ProviderError as ProviderError
from toolkit.localcloud.provider.errors import ReplacementNeeded as ReplacementNeeded
from toolkit.localcloud.provider.provider import AwsProvider as AwsProvider
