"""What the toolkit reads of a stack's settings: typed, with one sentence for what cannot be used."""

from pathlib import Path

import pytest

from infrastructure.bootstrap.settings import BootstrapSettings
from toolkit.configuration import ROOT, configuration, load
from toolkit.stacks.errors import StackFileError
from toolkit.stacks.settings import AccountSettings, StackSettings, load_account_settings, load_stack_file


def write(folder: Path, config: str) -> Path:
    (folder / "Pulumi.yaml").write_text("name: shop\n")
    (folder / "Pulumi.dev.yaml").write_text(f"config: {config}")
    return folder


def test_stack_file_has_typed_region_and_settings() -> None:
    file = load_stack_file("prod", ROOT)

    assert (file.region, file.account_id, file.settings.environment) == ("eu-central-1", "333333333333", "prod")
    assert file.settings.function.runtime == "python3.13"
    assert file.settings.api.cors_origins == ("https://app.example.com",)


def test_account_settings_name_the_trusted_repository() -> None:
    settings = load_account_settings("prod", ROOT / "infrastructure" / "bootstrap")

    assert settings.repository is not None
    assert (settings.repository.name, settings.branch, settings.stacks) == ("items-api", "main", ("prod",))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{}", "Pulumi.dev.yaml has no shop:settings: write the stack's settings there."),
        ("{shop:settings: {}}", "Pulumi.dev.yaml has no aws:region: write the stack's region there."),
        (
            "{aws:region: moon, shop:settings: {}}",
            "Pulumi.dev.yaml: aws:region is 'moon': this is not an AWS",
        ),
        (
            "{aws:region: eu-central-1, shop:settings: {}}",
            "Pulumi.dev.yaml has no account-id in shop:settings: write it.",
        ),
        ("{shop:settings: {account-id: 12}}", "Pulumi.dev.yaml: account-id is 12: an AWS account id is twelve digits"),
    ],
)
def test_unusable_stack_file_is_rejected_with_one_sentence(tmp_path: Path, config: str, message: str) -> None:
    with pytest.raises(StackFileError) as error:  # noqa: PT012 - each step reads more of the file
        file = load_stack_file("dev", write(tmp_path, config))
        _ = file.region, file.account_id
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("written", [None, 3, "not JSON", '{"account-id": 3, "environment": "dev"}'])
def test_lenient_settings_leave_out_what_is_invalid(written: object) -> None:
    settings = StackSettings.lenient(written)

    assert settings.account_id is None
    assert settings.environment == ("dev" if isinstance(written, str) and "dev" in written else None)


def test_program_declares_every_setting_that_the_toolkit_reads() -> None:
    program = {field.alias for field in load(configuration().settings).model_fields.values()}
    account = {field.alias for field in BootstrapSettings.model_fields.values()}

    assert {field.alias for field in StackSettings.model_fields.values()} <= program
    assert {
        field.alias for name, field in AccountSettings.model_fields.items() if name not in StackSettings.model_fields
    } <= account
