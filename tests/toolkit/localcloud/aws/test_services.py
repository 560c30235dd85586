"""The embedded AWS keeps no list of the objects that it has made."""

import gc
import weakref

import pytest
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.common_models import BaseModel
from moto.core.responses import BaseResponse

from toolkit.localcloud.aws.patches.core import patch_core
from toolkit.localcloud.aws.services import create_service


class Record(BaseModel):
    """A model of moto's."""


def test_unused_backend_object_is_garbage_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    for patched, name in (
        (BaseModel, "__new__"),
        (BaseResponse, "call_action"),
        (ActionAuthenticatorMixin, "_authenticate_and_authorize_action"),
    ):
        monkeypatch.setattr(patched, name, vars(patched)[name])  # restored at the end of the test
    patch_core()
    record = weakref.ref(Record())
    gc.collect()
    assert record() is None


def test_requests_create_no_new_classes() -> None:
    assert not create_service("sts").debug
