"""The names and ARNs of an account's bootstrap resources."""

from dataclasses import dataclass

ISSUER = "token.actions.githubusercontent.com"


@dataclass(frozen=True, kw_only=True)
class Account:
    """The account; all names begin with `prefix`, so that one policy statement covers them."""

    id: str
    region: str
    project: str

    @property
    def prefix(self) -> str:
        """The prefix of the names of all bootstrap resources."""
        return f"{self.project}-bootstrap"

    def bucket(self, use: str) -> str:
        """Return the globally unique name of a bucket."""
        return f"{self.prefix}-{use}-{self.id}"

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.id}:{resource}"

    def iam(self, resource: str) -> str:
        """Return the ARN of an IAM resource, which has no region."""
        return f"arn:aws:iam::{self.id}:{resource}"

    @property
    def oidc_provider(self) -> str:
        """The ARN of GitHub's OIDC provider."""
        return self.iam(f"oidc-provider/{ISSUER}")

    @property
    def state_bucket(self) -> str:
        """The ARN of the bucket of Pulumi state."""
        return f"arn:aws:s3:::{self.bucket('state')}"

    @property
    def trail(self) -> str:
        """The ARN of the trail."""
        return self.arn("cloudtrail", f"trail/{self.prefix}")

    @property
    def trail_log_group(self) -> str:
        """The name of the trail's log group."""
        return f"/{self.prefix}/trail"

    @property
    def ci_boundary(self) -> str:
        """The ARN of the permissions boundary of the pipeline's roles."""
        return self.iam(f"policy/{self.prefix}-ci")

    @property
    def workload_boundary(self) -> str:
        """The ARN of the permissions boundary of roles that a pipeline creates."""
        return self.iam(f"policy/{self.prefix}-workload")
