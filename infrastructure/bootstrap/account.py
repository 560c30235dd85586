"""An account's own names: everything that the foundation is made of, and what it hands out, by ARN."""

from dataclasses import dataclass

ISSUER = "token.actions.githubusercontent.com"


@dataclass(frozen=True, kw_only=True)
class Account:
    """Where the foundation is laid; every name begins with `prefix`, so that a policy can speak of all at once."""

    id: str
    region: str
    project: str

    @property
    def prefix(self) -> str:
        """How the names of all that belongs to the foundation begin."""
        return f"{self.project}-bootstrap"

    def bucket(self, use: str) -> str:
        """A bucket's name, which no other account in the world may have."""
        return f"{self.prefix}-{use}-{self.id}"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.id}:{resource}"

    def iam(self, resource: str) -> str:
        """The ARN of an identity, which has no region."""
        return f"arn:aws:iam::{self.id}:{resource}"

    @property
    def oidc_provider(self) -> str:
        """The ARN by which roles know GitHub."""
        return self.iam(f"oidc-provider/{ISSUER}")

    @property
    def state_bucket(self) -> str:
        """The ARN of the bucket that holds the stacks' states."""
        return f"arn:aws:s3:::{self.bucket('state')}"

    @property
    def trail(self) -> str:
        """The ARN of the trail."""
        return self.arn("cloudtrail", f"trail/{self.prefix}")

    @property
    def trail_log_group(self) -> str:
        """The name of the log group that the trail writes to."""
        return f"/{self.prefix}/trail"

    @property
    def ci_boundary(self) -> str:
        """The ARN of the policy beyond which no pipeline's role goes."""
        return self.iam(f"policy/{self.prefix}-ci")

    @property
    def workload_boundary(self) -> str:
        """The ARN of the policy beyond which no role goes that a pipeline makes."""
        return self.iam(f"policy/{self.prefix}-workload")
