import pytest

from toolkit.engine.events import UpdateStep
from toolkit.pipeline.stateful import losses

STATE = {"id": "x", "inputs": {}, "protect": False}


def step(type: str, operation: str) -> UpdateStep:
    return UpdateStep(f"urn::a::{type}::name", type, "name", operation, (), (), STATE, STATE)


@pytest.mark.parametrize("operation", ["replace", "delete"])
@pytest.mark.parametrize("type", ["aws:dynamodb/table:Table", "aws:cloudwatch/logGroup:LogGroup"])
def test_what_keeps_something_is_missed_when_it_goes(type: str, operation: str) -> None:
    (loss,) = losses([step(type, operation)])
    assert loss.lost


@pytest.mark.parametrize("operation", ["create", "update", "same"])
def test_what_stays_is_not_missed(operation: str) -> None:
    assert losses([step("aws:cloudwatch/logGroup:LogGroup", operation)]) == ()


def test_what_can_be_made_again_is_not_missed() -> None:
    assert losses([step("aws:iam/role:Role", "delete")]) == ()
