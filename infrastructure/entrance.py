"""Where callers find the API: at the name that AWS gives it, at the service's own, or at an edge before it."""

import hashlib
from collections.abc import Sequence

import pulumi

from infrastructure.components.certificate import Certificate, CertificateArgs
from infrastructure.components.custom_domain import CustomDomain, CustomDomainArgs
from infrastructure.components.edge import EDGE_REGION, Edge, EdgeArgs
from infrastructure.components.http_api import HttpApi
from infrastructure.components.name_records import NameRecords, NameRecordsArgs, Target
from infrastructure.settings import StackSettings
from infrastructure.settings.groups import EdgeSettings


class Entrance:
    """What the settings ask for, and the URL that callers use.

    The name's certificate and records are the same resources with an edge and without: as others they would be made
    before those that they follow are gone, and Route 53 holds one record of a name and a kind.
    """

    url: pulumi.Output[str]

    def __init__(
        self,
        api: HttpApi,
        settings: StackSettings,
        region: str,
        origin_keys: Sequence[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        self._api, self._settings, self._region, self._opts = api, settings, region, opts
        self.url = api.url
        if settings.domain is not None:
            self._zone_id = settings.domain.zone_id
            self.url = self._named(settings.domain.name, origin_keys)

    def _named(self, name: str, origin_keys: Sequence[str]) -> pulumi.Output[str]:
        edge = self._settings.edge
        certificate = self._certificate("public", name, self._region if edge is None else EDGE_REGION)
        if edge is None:
            front: CustomDomain | Edge = self._domain("domain", name, certificate)
        else:
            front = self._edge(edge, name, certificate, origin_keys[0])
        self._records("public", name, front.target)
        return pulumi.Output.concat("https://", front.host)

    def _edge(self, edge: EdgeSettings, name: str, certificate: pulumi.Input[str], key: str) -> Edge:
        """Behind an edge the API still needs a name with a certificate, for CloudFront to call it by."""
        behind = f"origin.{name}"
        origin = self._domain("origin", behind, self._certificate("origin", behind, self._region))
        self._records("origin", behind, origin.target)
        settings, project, stack = self._settings, pulumi.get_project(), pulumi.get_stack()
        return Edge(
            "edge",
            EdgeArgs(
                settings=edge,
                domain=name,
                certificate=certificate,
                origin=origin.host,
                key=pulumi.Output.secret(key),
                name_prefix=f"{project}-{stack}-edge",
                log_group_name=f"/aws/vendedlogs/{project}/{stack}/edge",
                encrypts_logs=settings.encrypts_logs,
                account_id=settings.account_id,
                protect=settings.keeps_data,
            ),
            self._opts,
        )

    def _certificate(self, label: str, name: str, region: str) -> pulumi.Output[str]:
        return Certificate(label, CertificateArgs(domain=name, zone_id=self._zone_id, region=region), self._opts).arn

    def _domain(self, label: str, name: str, certificate: pulumi.Input[str]) -> CustomDomain:
        args = CustomDomainArgs(domain=name, certificate=certificate, api_id=self._api.id, stage=self._api.stage)
        return CustomDomain(label, args, self._opts)

    def _records(self, label: str, name: str, target: Target) -> None:
        NameRecords(label, NameRecordsArgs(name=name, zone_id=self._zone_id, target=target), self._opts)


def digests(origin_keys: Sequence[str]) -> str:
    """What the function knows the edge by: it can check a key and not make one."""
    return ",".join(hashlib.sha256(key.encode()).hexdigest() for key in origin_keys)
