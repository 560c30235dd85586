"""The resource provider: each resource type of the Pulumi program, made in the embedded AWS."""

from toolkit.localcloud.provider.errors import ProviderError as ProviderError
from toolkit.localcloud.provider.errors import ReplacementNeeded as ReplacementNeeded
from toolkit.localcloud.provider.provider import AwsProvider as AwsProvider
