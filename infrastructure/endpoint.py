"""The address of the API: the one that AWS assigns, a custom domain, or CloudFront."""

from collections.abc import Sequence

import pulumi

from infrastructure.components.certificate import Certificate, CertificateArgs
from infrastructure.components.custom_domain import CustomDomain, CustomDomainArgs
from infrastructure.components.edge import EDGE_REGION, Edge, EdgeArgs
from infrastructure.components.http_api import HttpApi
from infrastructure.components.name_records import AliasTarget, NameRecords, NameRecordsArgs
from infrastructure.settings.groups import EdgeSettings
from infrastructure.settings.stack import StackSettings


class Endpoint:
    """The domain or the edge that the settings ask for, and the URL for callers.

    With and without an edge, the certificate and the records are the same resources. Other resources would be created
    before the old ones are deleted, and Route 53 allows one record of a name and a type.
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
            self.url = self._custom_url(settings.domain.name, origin_keys)

    def _custom_url(self, name: str, origin_keys: Sequence[str]) -> pulumi.Output[str]:
        edge = self._settings.edge
        certificate = self._certificate("public", name, self._region if edge is None else EDGE_REGION)
        if edge is None:
            target: CustomDomain | Edge = self._domain("domain", name, certificate)
        else:
            target = self._edge(edge, name, certificate, origin_keys[0])
        self._records("public", name, target.target)
        return pulumi.Output.concat("https://", target.host)

    def _edge(self, edge: EdgeSettings, name: str, certificate: pulumi.Input[str], key: str) -> Edge:
        """Create the edge, and a domain with a certificate by which CloudFront calls the API."""
        origin_name = f"origin.{name}"
        origin = self._domain("origin", origin_name, self._certificate("origin", origin_name, self._region))
        self._records("origin", origin_name, origin.target)
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

    def _records(self, label: str, name: str, target: AliasTarget) -> None:
        NameRecords(label, NameRecordsArgs(name=name, zone_id=self._zone_id, target=target), self._opts)
