from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from toolkit.stacks.errors import mistakes, sentence, sentences


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    memory: int = Field(ge=128)


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    function: Inner
    url: str = Field("", max_length=20)
    api_token: str = Field("", max_length=5)
    stacks: list[Inner] = Field([Inner(memory=128)], min_length=1)

    @field_validator("url")
    @classmethod
    def _is_public(cls, url: str) -> str:
        if url == "local":
            raise ValueError("name a public address")
        return url


def error_of(**values: Any) -> ValidationError:
    with pytest.raises(ValidationError) as error:
        Settings.model_validate({"function": {"memory": 128}, **values})
    return error.value


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"function": {"memory": 64}}, "function.memory is 64: it should be greater than or equal to 128"),
        ({"function": {}}, "function.memory is missing"),
        ({"other": 1}, "unknown key other; schema.json lists the known ones"),
        ({"url": "local"}, "url is 'local': name a public address"),
        ({"url": "https://me:word@example.com/x"}, "url is 'https://***@example.com/x': it should have at most 20"),
        ({"api_token": "secret-value"}, "api_token: it should have at most 5 characters"),
    ],
)
def test_mistake_is_reported_with_position_value_and_accepted_form(values: dict[str, Any], expected: str) -> None:
    (found,) = sentences("Pulumi.dev.yaml", error_of(**values), schema="schema.json")
    assert found.startswith(f"Pulumi.dev.yaml: {expected}")
    assert found.endswith(".")


def test_each_mistake_is_one_sentence_and_a_wrong_entry_does_not_make_a_list_too_short() -> None:
    error = error_of(function={"memory": 1}, stacks=[{"memory": "x" * 200}])
    assert [line.partition(" ")[0] for line in mistakes(error)] == ["function.memory", "stacks.0.memory"]
    assert len(max(mistakes(error), key=len)) < 200
    assert sentence("f", error) == sentences("f", error)[0]


def test_message_omits_values_on_request() -> None:
    assert mistakes(error_of(url="x" * 30), values=False) == ["url: it should have at most 20 characters"]
