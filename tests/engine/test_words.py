"""What a person reads who types the commands: the engine's own lines, and nothing of ours but the outputs."""

import json
from collections.abc import Callable

import pytest

from tests.engine.engine import Engine, Outcome

FOUND_BY_THE_CLI = "from $PATH at"
"""The CLI's own word on plugins that it did not install: these tests' doors, which no user has."""
OUTPUTS = {
    "api_id", "api_url", "attachments_bucket", "dashboard_url", "function_alias", "function_name", "function_version",
    "items_table", "machine_client_id", "machine_client_secret", "sessions_table", "sign_in_url", "user_pool_id",
    "web_client_id",
}  # fmt: skip
DELIVERY = {"delivery_application", "delivery_group"}


def words(outcome: Outcome) -> list[str]:
    """Every diagnostic, whatever its severity, and what the program wrote by itself."""
    spoken = [event["diagnosticEvent"]["message"].strip() for event in outcome.events if "diagnosticEvent" in event]
    return [message.removeprefix("error: ") for message in spoken if FOUND_BY_THE_CLI not in message]


@pytest.mark.parametrize(("stack", "outputs"), [("dev", OUTPUTS), ("prod", OUTPUTS | DELIVERY)])
def test_preview_up_and_refresh_say_nothing_but_what_they_do(
    stack: str, outputs: set[str], engine_of: Callable[[str], Engine]
) -> None:
    engine = engine_of(stack)
    assert words(engine.done("preview")) == []
    up = engine.done("up")
    assert words(up) == []
    assert "Traceback" not in up.output
    assert set(json.loads(engine.done("stack", "output", "--json").output.partition("\nwarning:")[0])) == outputs
    assert words(engine.done("refresh")) == []


def test_a_mistake_in_the_settings_is_one_sentence(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("dev")
    engine.set("memory-mb: 512", "memory: 512")
    mistake = "Pulumi.dev.yaml: unknown key function.memory; docs/settings.schema.json lists the known ones."
    refused = engine.run("preview")
    assert refused.code != 0
    assert words(refused) == [mistake]
