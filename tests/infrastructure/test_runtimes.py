"""Each runtime of the settings can be packaged and is allowed by the policies."""

from typing import get_args

import pytest

from infrastructure.settings.groups import FunctionSettings
from policies.bounds import BOUNDS
from toolkit.package.target import RUNTIMES, BuildTarget
from toolkit.stacks import settings

CHOSEN = set(get_args(FunctionSettings.model_fields["runtime"].annotation)) - {"host"}


def test_every_runtime_of_settings_can_be_packaged() -> None:
    assert set(RUNTIMES) == CHOSEN


@pytest.mark.parametrize("environment", sorted(BOUNDS))
def test_every_runtime_of_settings_is_allowed_by_policies(environment: str) -> None:
    assert {name for stack, bounds in BOUNDS.items() if stack == environment for name in bounds.runtimes} == CHOSEN


@pytest.mark.parametrize("runtime", sorted(CHOSEN))
def test_package_is_built_for_runtime_of_settings(runtime: str) -> None:
    target = BuildTarget.of_function(settings.FunctionSettings(runtime=runtime, architecture="arm64"))
    assert (target.runtime, f"python{target.minor}") == (runtime, runtime)
