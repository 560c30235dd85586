"""A connection to an AWS: its address, region and a caller's credentials, and the boto3 clients that use them."""

import functools
import os
import threading
from dataclasses import dataclass, field, replace
from typing import Any, cast

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

_creating_clients = threading.Lock()  # boto3 creates clients in one thread at a time


@dataclass(frozen=True)
class AwsConnection:
    """A caller's connection to an AWS at one address. Each client is created once and shared between threads."""

    endpoint_url: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service, by boto3's name (`dynamodb`, `cognito-idp`)."""
        with _creating_clients:
            if service not in self._clients:
                self._clients[service] = self._create(service)
            return self._clients[service]

    def in_region(self, region: str) -> "AwsConnection":
        """Return the same caller's connection to another region."""
        return self if region == self.region else _in_other_region(self, region)

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables with which AWS's tools and SDKs use this connection, its keys among them."""
        variables = {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
        }
        return variables if self.session_token is None else {**variables, "AWS_SESSION_TOKEN": self.session_token}

    def _create(self, service: str) -> Any:
        factory = cast("Any", _session().client)
        return factory(
            service,
            endpoint_url=self.endpoint_url,
            region_name=self.region,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            aws_session_token=self.session_token,
            config=Config(
                connect_timeout=5,
                max_pool_connections=64,
                proxies={},  # an empty mapping, unlike none, keeps the machine's proxies out
                retries={"mode": "standard", "total_max_attempts": 2},
                signature_version="s3v4" if service == "s3" else None,  # S3's presigning has an older default
                s3={
                    "addressing_style": "path",  # a loopback address has no sub-domains
                    "us_east_1_regional_endpoint": "regional",  # regardless of the machine's variables
                },
            ),
        )


@functools.cache
def _in_other_region(connection: AwsConnection, region: str) -> AwsConnection:
    return replace(connection, region=region)


@functools.cache
def _session() -> boto3.session.Session:
    """Return the one session: botocore caches data in it. It ignores the machine's AWS files and variables."""
    own = {
        name: (None, None, default, convert)
        for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
    core = botocore.session.Session(session_vars={**own, "profile": (None, None, None, None)})
    core.set_config_variable("config_file", os.devnull)
    core.set_config_variable("credentials_file", os.devnull)
    return boto3.session.Session(botocore_session=core)
