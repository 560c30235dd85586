"""Where callers find the API: at the name that AWS gives it, at the service's own, or at an edge before it."""

import hashlib
from collections.abc import Sequence

import pulumi

from infrastructure.components.custom_domain import CustomDomain, CustomDomainArgs
from infrastructure.components.edge import Edge, EdgeArgs
from infrastructure.components.http_api import HttpApi
from infrastructure.settings import StackSettings


def entrance(
    api: HttpApi, settings: StackSettings, region: str, edge_keys: Sequence[str], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Build what the settings ask for; the URL that callers use."""
    domain, edge = settings.domain, settings.edge
    if domain is None:
        return api.url
    # Behind an edge the API still needs a name with a certificate, for CloudFront to call it by.
    own_name = domain.name if edge is None else f"origin.{domain.name}"
    named = CustomDomain(
        "domain",
        CustomDomainArgs(domain=own_name, zone_id=domain.zone_id, region=region, api_id=api.id, stage=api.stage),
        opts,
    )
    if edge is None:
        return pulumi.Output.concat("https://", named.host)
    project, stack = pulumi.get_project(), pulumi.get_stack()
    front = Edge(
        "edge",
        EdgeArgs(
            settings=edge,
            domain=domain,
            origin=named.host,
            key=pulumi.Output.secret(edge_keys[0]),
            name_prefix=f"{project}-{stack}-edge",
            log_group_name=f"/aws/vendedlogs/{project}/{stack}/edge",
            encrypts_logs=settings.encrypts_logs,
            account_id=settings.account_id,
            protect=settings.keeps_data,
        ),
        opts,
    )
    return pulumi.Output.concat("https://", front.host)


def digests(edge_keys: Sequence[str]) -> str:
    """What the function knows the edge by: it can check a key and not make one."""
    return ",".join(hashlib.sha256(key.encode()).hexdigest() for key in edge_keys)
