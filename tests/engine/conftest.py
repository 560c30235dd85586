"""The real engine's tests: collected only where they are asked for, because they need its CLI and minutes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engine import real_provider, tally
from tests.engine.engine import Engine
from toolkit.engine.cli import pulumi_cli

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    """Say at once where PROVIDER asks for what is not there; count what the engine does."""
    config.pluginmanager.register(tally)
    try:
        real_provider.provider_folders()
    except real_provider.ProviderError as problem:
        raise pytest.UsageError(str(problem)) from None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder out unless it, or something in it, is named on the command line."""
    if collection_path.name in real_provider.OWN_PLUGIN and real_provider.asked_for():
        return True
    named = [(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(HERE) for path in named) else True


@pytest.fixture(scope="session")
def cli() -> Path:
    """The Pulumi CLI; it is built where the machine has none."""
    return pulumi_cli()


@pytest.fixture(scope="module")
def engine_of(cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Engine]]:
    """Makes a stack with its own copy of the program, and its own account and state where it is beside no other."""
    with ExitStack() as engines:
        yield lambda stack, beside=None: engines.enter_context(
            Engine(cli, stack, tmp_path_factory.mktemp(stack), beside)
        )
