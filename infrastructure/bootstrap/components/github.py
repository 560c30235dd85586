"""GitHub as an OIDC identity provider."""

from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.account import ISSUER
from infrastructure.bootstrap.trust import AUDIENCE


@final
class GitHub(pulumi.ComponentResource):
    """The OIDC provider for workflow runs, which need no stored access keys.

    Creates: aws.iam.OpenIdConnectProvider.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:GitHub", name, None, opts)
        provider = aws.iam.OpenIdConnectProvider(
            f"{name}-provider",
            url=f"https://{ISSUER}",
            client_id_lists=[AUDIENCE],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = provider.arn
        self.register_outputs({"arn": self.arn})
