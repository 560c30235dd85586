"""The embedded AWS keeps no list of the objects that it has made."""

import gc
import weakref
from typing import Any

import pytest
from moto.core.common_models import BaseModel

from toolkit.localcloud.aws.services import create_service, patch_instance_tracking


class Record(BaseModel):
    """A model of moto's."""


def test_object_that_nothing_uses_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    model: Any = BaseModel
    monkeypatch.setattr(model, "__new__", model.__dict__["__new__"])  # as it was, once the test ends
    patch_instance_tracking()
    record = weakref.ref(Record())
    gc.collect()
    assert record() is None


def test_service_makes_no_class_for_each_request() -> None:
    assert not create_service("sts").debug
