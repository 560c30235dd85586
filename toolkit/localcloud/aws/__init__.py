"""The embedded AWS: moto's server in a process of its own, taught what it does not know."""

from toolkit.localcloud.aws.embedded_aws import EmbeddedAws as EmbeddedAws
from toolkit.localcloud.aws.embedded_aws import EmbeddedAwsError as EmbeddedAwsError
