"""The operations that a package keeps are those that the sources call."""

import re
from pathlib import Path

import pytest
from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session

from tests.support.packages import botocore_data, write
from toolkit.configuration import ROOT, configuration
from toolkit.package import PackageError
from toolkit.package.botocore_data import trim_botocore
from toolkit.package.operations import Operations, operations_of

CALLS = {
    "sqs": ("send_message_batch", "SendMessageBatch"),
    "sns": ("publish", "Publish"),
    "ssm": ("get_parameter", "GetParameter"),
    "events": ("put_events", "PutEvents"),
    "scheduler": ("create_schedule", "CreateSchedule"),
    "kms": ("generate_data_key", "GenerateDataKey"),
    "lambda": ("invoke", "Invoke"),
}


def of(folder: Path, program: str) -> Operations:
    return operations_of(write(folder, {"feature/repository.py": program}), {})


@pytest.mark.parametrize("service", CALLS)
def test_new_call_is_kept_without_a_list(tmp_path: Path, service: str) -> None:
    method, operation = CALLS[service]
    found = of(tmp_path / "api", f"client = session.create_client('{service}')\nclient.{method}()\n")
    assert found == {service: {operation}}
    data = botocore_data(tmp_path / "data", service)
    trim_botocore(data, found)
    session = Session()
    session.register_component(
        "data_loader", Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    )
    config = Config(signature_version="v4")
    client = session.create_client(
        service, "eu-central-1", aws_access_key_id="a", aws_secret_access_key="b", config=config
    )
    assert hasattr(client, method)
    assert client.meta.service_model.operation_names == [operation]


def test_service_without_client_and_call_of_another_object_are_not_kept(tmp_path: Path) -> None:
    assert of(tmp_path, "queue.send_message('x')\nmake_client('web')\n") == {}


def test_operation_is_recognized_as_text(tmp_path: Path) -> None:
    program = "s3 = boto3.client('s3')\ns3.generate_presigned_url('get_object', Params={})\n"
    assert of(tmp_path, program) == {"s3": {"GetObject", "HeadBucket"}}


def test_upload_form_needs_description_of_create_bucket(tmp_path: Path) -> None:
    program = "boto3.client('s3').generate_presigned_post('bucket', 'key')\n"
    assert of(tmp_path, program) == {"s3": {"CreateBucket", "HeadBucket"}}


def test_upload_of_a_file_keeps_multipart_operations(tmp_path: Path) -> None:
    found = of(tmp_path, "boto3.client('s3').upload_file('a', 'b', 'c')\n")
    assert found["s3"] >= {"PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"}


@pytest.mark.parametrize(
    "program",
    [
        "from aws_lambda_powertools.utilities import parameters\nparameters.get_parameter('/a')\n",
        "from aws_lambda_powertools.utilities.parameters import get_parameter\nget_parameter('/a')\n",
    ],
)
def test_calls_of_powertools_are_kept(tmp_path: Path, program: str) -> None:
    assert of(tmp_path, program) == {"ssm": {"GetParameter"}}


def test_further_operations_of_the_configuration_are_kept(tmp_path: Path) -> None:
    further = {"sqs": frozenset({"PurgeQueue"})}
    assert operations_of(write(tmp_path, {"a.py": "sqs.send_message()\n"}), further) == {
        "sqs": {"PurgeQueue", "SendMessage"}
    }


def test_waiter_is_rejected_because_package_has_none(tmp_path: Path) -> None:
    with pytest.raises(
        PackageError, match=re.escape("/feature/repository.py:2 calls get_waiter, and the package has no waiters")
    ):
        of(tmp_path, "s3 = boto3.client('s3')\ns3.get_waiter('object_exists').wait()\n")


def test_source_that_is_not_python_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="does not compile: SyntaxError: "):
        of(tmp_path, "def broken(:\n")


def test_sources_of_the_service_need_no_list() -> None:
    rules = configuration().package
    assert rules.aws_operations == {}
    found = operations_of(ROOT / rules.sources, {})
    assert found["dynamodb"] >= {"GetItem", "PutItem", "Query", "TransactWriteItems"}
    assert found["s3"] >= {"CopyObject", "CreateBucket", "DeleteObject", "GetObject", "HeadBucket"}
    assert "Scan" not in found["dynamodb"]
