"""Small functions deployed to an embedded AWS."""

import io
import json
import textwrap
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.localcloud.connection import AwsConnection

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def zipped(files: Mapping[str, str]) -> bytes:
    """A zip of text files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, textwrap.dedent(text))
    return target.getvalue()


def _code(source: str, modules: Mapping[str, str]) -> bytes:
    return zipped({"main.py": source, **{f"{name}.py": text for name, text in modules.items()}})


@dataclass(frozen=True)
class DeployedFunction:
    """A function with an alias `live`."""

    connection: AwsConnection
    name: str
    arn: str

    @property
    def live(self) -> str:
        """The alias's ARN."""
        return f"{self.arn}:live"

    def publish(self, source: str, **modules: str) -> str:
        """Deploy new code, publish a version, point the alias there; returns the version."""
        client = self.connection.client("lambda")
        client.update_function_code(FunctionName=self.name, ZipFile=_code(source, modules))
        version: str = client.publish_version(FunctionName=self.name)["Version"]
        client.update_alias(FunctionName=self.name, Name="live", FunctionVersion=version)
        return version


def deploy(
    connection: AwsConnection,
    source: str,
    *,
    statements: list[dict[str, Any]] | None = None,
    variables: Mapping[str, str] | None = None,
    modules: Mapping[str, str] | None = None,
    **settings: Any,
) -> DeployedFunction:
    """Deploy `main.handler`, maybe with other modules, with a role that may do what `statements` say."""
    name = f"function-{uuid.uuid4().hex[:12]}"
    iam, client = connection.client("iam"), connection.client("lambda")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    if statements:
        document = {"Version": "2012-10-17", "Statement": statements}
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
    function = client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": _code(source, modules or {})},
        Environment={"Variables": dict(variables or {})},
        **{"Timeout": 10, "MemorySize": 256, **settings},
    )
    version = client.publish_version(FunctionName=name)["Version"]
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    arn: str = function["FunctionArn"]
    return DeployedFunction(connection, name, arn)
