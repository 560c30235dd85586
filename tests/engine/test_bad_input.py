"""Commands and settings that cannot be: one clear sentence each, and a state and an account that stay as they were."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.engine import Engine, Outcome
from tests.engine.left_behind import left_in


@pytest.fixture(scope="module")
def dev(engine_of: Callable[[str], Engine]) -> Engine:
    return engine_of("dev")


@pytest.fixture
def kept(dev: Engine) -> Any:
    """The stack; its files and its state are as they were when the test ends."""
    file = dev.root / "Pulumi.dev.yaml"
    text, state = file.read_text(), dev.state_text
    yield dev
    assert dev.state_text == state
    assert left_in(dev.aws.connection) == {}
    file.write_text(text)


def assert_refused(outcome: Outcome, sentence: str) -> None:
    assert outcome.code != 0
    assert sentence in outcome.output
    assert "Traceback" not in outcome.output
    assert "goroutine" not in outcome.output


@pytest.mark.parametrize("command", ["preview", "up", "destroy"])
def test_a_stack_that_does_not_exist_is_named(command: str, kept: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "stack", "devv")
    assert_refused(kept.run(command), "no stack named 'devv' found")


def test_without_a_passphrase_the_variables_that_hold_it_are_named(kept: Engine) -> None:
    assert_refused(kept.run("up", PULUMI_CONFIG_PASSPHRASE=None), "PULUMI_CONFIG_PASSPHRASE")


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ({"environment": "prod"}, "Pulumi.dev.yaml: prod must "),
        (
            {
                "environment": "local",
                "permissions-boundary": None,
                "function": {"runtime": "host", "architecture": "host"},
            },
            "Pulumi.dev.yaml: environment is 'local'; it must be the stack's name.",
        ),
        ({"account-id": "1"}, "Pulumi.dev.yaml: account-id is '1'"),
        ({"budget": {"email": "a@example.com"}}, "Pulumi.dev.yaml: budget.monthly-usd is missing."),
        ({"domain": {"name": "api.example.com"}}, "Pulumi.dev.yaml: domain.zone-id is missing."),
        ({"edge": {}}, "dev must set domain: its edge needs a domain name and a hosted zone"),
    ],
)
def test_settings_that_cannot_be_are_refused_before_anything_is_made(
    groups: dict[str, Any], sentence: str, kept: Engine
) -> None:
    kept.configure(**groups)
    assert_refused(kept.run("preview"), sentence)
