"""The resource provider: each resource type of the Pulumi program, made in the embedded AWS."""

from localcloud.provider.errors import ProviderError as ProviderError
from localcloud.provider.errors import ReplacementNeeded as ReplacementNeeded
from localcloud.provider.provider import AwsProvider as AwsProvider
