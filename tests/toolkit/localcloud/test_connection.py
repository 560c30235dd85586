"""A connection ignores the machine's AWS variables and files."""

import subprocess
import sys

from tests.support.aws import shared_aws
from tests.support.local_stack import ROOT

MACHINE_VARIABLES = {
    "AWS_DEFAULTS_MODE": "nonsense",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_MAX_ATTEMPTS": "nonsense",
    "AWS_PROFILE": "a-profile",
    "AWS_REGION": "nowhere",
    "AWS_RETRY_MODE": "nonsense",
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "nonsense",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "HTTP_PROXY": "http://127.0.0.1:1",
}
CALL = """
import sys
from toolkit.localcloud.connection import AwsConnection
connection = AwsConnection(sys.argv[1], "us-east-1", sys.argv[2], sys.stdin.read())
for service in ("s3", "sts"):
    print(connection.client(service).meta.endpoint_url, connection.client(service).meta.region_name)
print(connection.client("sts").get_caller_identity()["Arn"])
"""


def test_client_ignores_the_machines_aws_and_proxy_variables() -> None:
    known = shared_aws().connection
    command = [sys.executable, "-c", CALL, known.endpoint_url, known.access_key_id]
    called = subprocess.run(
        command,
        cwd=ROOT,
        env=MACHINE_VARIABLES,
        input=known.secret_access_key,
        capture_output=True,
        text=True,
        check=False,
    )
    where = f"{known.endpoint_url} us-east-1"
    assert called.stdout.splitlines()[:2] == [where, where], called.stderr
    assert called.stdout.splitlines()[2].endswith(":user/local-administrator")
