"""How a plugin's process begins and ends."""

import signal
import subprocess
import sys

import pytest

from tests.engine.engine import PLUGIN_FOLDER

PLUGINS = ["pulumi-language-python", "pulumi-resource-aws"]


def start(*command: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip().isdigit()
    return process


@pytest.mark.parametrize("plugin", PLUGINS)
def test_an_interrupt_ends_it_without_a_word(plugin: str) -> None:
    process = start(sys.executable, str(PLUGIN_FOLDER / plugin))
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == ""
    assert process.returncode == 0


@pytest.mark.parametrize("plugin", PLUGINS)
def test_it_ends_with_the_engine_that_started_it(plugin: str) -> None:
    engine = start("sh", "-c", f"'{sys.executable}' '{PLUGIN_FOLDER / plugin}' & wait")
    engine.kill()
    assert engine.communicate(timeout=60)[0] == ""  # the plugin, too, has let go of its output
