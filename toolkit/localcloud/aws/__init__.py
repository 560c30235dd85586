"""The embedded AWS: moto's server in a separate process, with patches."""

from toolkit.localcloud.aws.embedded_aws import EmbeddedAws as EmbeddedAws
from toolkit.localcloud.aws.embedded_aws import EmbeddedAwsError as EmbeddedAwsError
