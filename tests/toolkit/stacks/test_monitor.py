"""The engine's side of an evaluation, asked as the SDK asks it."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime.proto import resource_pb2

from toolkit.resource_types.automatic_names import AutomaticNames
from toolkit.stacks import Created, EvaluationError, ResourceProvider
from toolkit.stacks.monitor import RecordingMonitor
from toolkit.stacks.provider import SingleProviderCloud
from toolkit.stacks.recording import Recording


class Failing:
    """A provider that makes nothing and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def create(self, type: str, name: str, inputs: Mapping[str, Any], _names: AutomaticNames) -> Created:
        self.asked += 1
        raise RuntimeError("no more topics")

    def invoke(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}


def monitor_of(provider: ResourceProvider) -> RecordingMonitor:
    return RecordingMonitor(SingleProviderCloud(provider), Recording("sample", "dev", {}))


def topic(name: str) -> resource_pb2.RegisterResourceRequest:
    return resource_pb2.RegisterResourceRequest(type="aws:sns/topic:Topic", name=name, custom=True)


def test_no_resource_is_created_after_a_failure() -> None:
    provider = Failing()
    monitor = monitor_of(provider)

    for name in ("first", "second"):
        with pytest.raises(EvaluationError, match=r"^first \(aws:sns/topic:Topic\): no more topics$"):
            monitor.RegisterResource(topic(name))
    assert provider.asked == 1


def test_error_without_a_message_is_reported_by_its_type() -> None:
    class Wordless(Failing):
        def create(self, type: str, name: str, inputs: Mapping[str, Any], _names: AutomaticNames) -> Created:
            raise TimeoutError

    with pytest.raises(EvaluationError, match=r"^news \(aws:sns/topic:Topic\): TimeoutError$"):
        monitor_of(Wordless()).RegisterResource(topic("news"))
