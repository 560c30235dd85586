import pytest

from toolkit.engine.events import UpdateStep
from toolkit.pipeline.deploy.data_loss import all_data_losses

STATE = {"id": "x", "inputs": {}, "protect": False}


def step(type: str, operation: str) -> UpdateStep:
    return UpdateStep(f"urn::a::{type}::name", type, "name", operation, (), (), STATE, STATE)


@pytest.mark.parametrize("operation", ["replace", "delete"])
@pytest.mark.parametrize("type", ["aws:dynamodb/table:Table", "aws:cloudwatch/logGroup:LogGroup"])
def test_deleted_resource_with_data_or_logs_is_reported(type: str, operation: str) -> None:
    (loss,) = all_data_losses([step(type, operation)])
    assert loss.lost


@pytest.mark.parametrize("operation", ["create", "update", "same"])
def test_unchanged_resource_is_not_reported(operation: str) -> None:
    assert all_data_losses([step("aws:cloudwatch/logGroup:LogGroup", operation)]) == ()


def test_deleted_resource_that_can_be_created_again_is_not_reported() -> None:
    assert all_data_losses([step("aws:iam/role:Role", "delete")]) == ()
