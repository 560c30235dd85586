"""Fixtures of the Lambda runtime's tests."""

from functools import partial
from pathlib import Path

import pytest

from tests.support.functions import DeployedFunction, deploy
from tests.support.scenarios import Play, play
from toolkit.localcloud.connection import AwsConnection

# What the handler does is chosen by the event, so that one function shows many ways to fail.
UNRULY = """
import ctypes, os, subprocess, sys, time
print("loaded")
def handler(event, context):
    print("got", event)
    match event:
        case "raise": raise ValueError("bad value")
        case "exit": os._exit(3)
        case "leave": sys.exit(0)
        case "segfault": ctypes.string_at(0)
        case "hang": time.sleep(60)
        case "spin":
            while True: pass
        case "unserialisable": return {1, 2}
        case "garbage": os.write(1, b"\\xff\\xfe\\x00 no newline"); sys.stderr.write("oops\\n")
        case "memory": return len(bytearray(600 * 2**20))
        case "huge": return "x" * (6 * 2**20 + 100)
        case "endless":
            while True: os.write(1, b"x\\n")
        case "one line":
            for _ in range(10): os.write(1, b"z" * 2**16)
        case "child": return subprocess.Popen(["sleep", "60"]).pid
        case "orphan": print("child", subprocess.Popen(["sleep", "60"]).pid); os._exit(1)
        case "closed": os.dup2(os.open(os.devnull, os.O_WRONLY), 1); os.dup2(1, 2)
    return "fine"
"""


@pytest.fixture(name="play")
def _play(cloud: AwsConnection, tmp_path: Path) -> Play:
    return partial(play, cloud, tmp_path)


@pytest.fixture(scope="session", name="unruly")
def _unruly(cloud: AwsConnection) -> DeployedFunction:
    return deploy(cloud, UNRULY, Timeout=2)
