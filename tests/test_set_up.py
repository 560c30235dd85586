"""`./stack setup` and `make setup`: which Python makes .venv, and what is printed where it cannot."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """The files that the set-up reads, and a folder for programs that comes first on PATH."""
    for name in ("Makefile", "stack"):
        shutil.copy(root / name, tmp_path)
    shutil.copytree(root / "requirements", tmp_path / "requirements")
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def run(checkout: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    process = start(checkout, *command, **environment)
    stdout, stderr = process.communicate(timeout=60)
    return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


def start(checkout: Path, *command: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        cwd=checkout,
        env={"PATH": f"{checkout / 'bin'}:/usr/bin:/bin", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def stack(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(checkout, "./stack", *arguments, **environment)


def version(number: str) -> str:
    """A Python of this version, as far as the set-up asks."""
    return f"case $2 in *exit*) exit 1;; *) printf {number};; esac"


@pytest.mark.parametrize(
    ("script", "found"), [(version("3.10"), "3.10"), (version("2.7"), "2.7"), ("exit 127", "missing")]
)
def test_a_python_that_is_too_old_gets_one_sentence(script: str, found: str, checkout: Path) -> None:
    program(checkout / "bin" / "python3", script)
    ended = stack(checkout, "preview", "dev")
    assert (ended.returncode, ended.stderr) == (
        2,
        f"python3 is {found}: install Python 3.11 or newer, or name one: PYTHON=/path/to/python3.13 ./stack setup\n",
    )
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_gets_one_sentence(checkout: Path) -> None:
    program(checkout / "bin" / "python3", f'case "$2" in *ensurepip*) exit 1;; esac; exec "{sys.executable}" "$@"')
    ended = stack(checkout, "setup")
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[1] == (
        "python3 has no venv with pip: install it (Debian, Ubuntu: apt install python3-venv), or install uv"
    )
    assert not (checkout / ".venv").exists()


@pytest.fixture
def ready(checkout: Path) -> Path:
    """A checkout with a current .venv, and a `uv` that records its calls."""
    program(checkout / ".venv" / "bin" / "python", version("3.11"))
    texts = [(checkout / "requirements" / name).read_text() for name in ("dev.txt", "uv.txt")]
    (checkout / ".venv" / ".ready").write_text("".join(texts))
    program(checkout / "bin" / "uv", f'echo "$@" >> {checkout / "calls"}')
    for name, number in (("other", "3.12"), ("same", "3.11")):
        program(
            checkout / "bin" / name,
            f"case $2 in *exit*) exit 0;; *executable*) echo {name};; *) printf {number};; esac",
        )
    return checkout


def made_anew(checkout: Path) -> bool:
    return (checkout / "calls").exists() and "venv --quiet --clear" in (checkout / "calls").read_text()


@pytest.mark.parametrize(("python", "expected"), [("other", True), ("same", False), ("", False)])
def test_venv_is_made_anew_for_a_named_python_of_another_version(python: str, expected: bool, ready: Path) -> None:
    ended = run(ready, "make", "setup", *([f"PYTHON={python}"] if python else []))
    assert (ended.returncode, made_anew(ready)) == (0, expected), ended.stderr


def test_changed_requirements_set_venv_up_again_once(ready: Path) -> None:
    program(ready / "bin" / "python3", version("3.11").replace("exit 1", "exit 0"))
    with (ready / "requirements" / "dev.txt").open("a") as file:
        file.write("# another\n")
    assert stack(ready, "setup").stderr == "Setting up .venv (once) ...\n"
    assert made_anew(ready)
    assert (stack(ready, "setup").returncode, stack(ready, "setup").stderr) == (0, "")


def test_failed_set_up_is_repeated(ready: Path) -> None:
    program(ready / "bin" / "python3", version("3.11").replace("exit 1", "exit 0"))
    program(ready / "bin" / "uv", '[ "$1" = --version ]')
    (ready / "requirements" / "dev.txt").write_text("")
    assert stack(ready, "preview", "dev").returncode == 2
    assert stack(ready, "preview", "dev").returncode == 2
    assert not (ready / ".venv" / ".ready").exists()


def test_variables_of_the_caller_do_not_reach_python(ready: Path) -> None:
    program(ready / ".venv" / "bin" / "python", 'env; echo "called: $*"')
    hidden = {"PYTHONPATH": "x", "PYTHONHOME": "x", "PYTHONDONTWRITEBYTECODE": "1", "VIRTUAL_ENV": "/other"}
    ended = stack(ready, "cost", "a b", **hidden)
    assert ended.stdout.splitlines()[-1] == f"called: {ready}/toolkit cost a b"
    assert not [name for name in hidden if f"{name}=" in ended.stdout]


@pytest.fixture
def slow(checkout: Path) -> Path:
    """A checkout without .venv, and a `uv` that records its calls and makes .venv in half a second."""
    (checkout / "bin" / "python3").symlink_to(sys.executable)
    python = f'#!/bin/sh\nexec "{sys.executable}" -c "" "$@"\n'
    (checkout / "python").write_text(python)
    (checkout / "python").chmod(0o755)
    program(
        checkout / "bin" / "uv",
        f"""[ "$1" = --version ] && exit
echo "$@" >> {checkout / "calls"}
[ "$1" = venv ] || exit 0
mkdir -p {checkout / ".venv" / "bin"}
sleep 0.5
cp {checkout / "python"} {checkout / ".venv" / "bin" / "python"}""",
    )
    return checkout


def calls_of_uv(checkout: Path) -> list[str]:
    return [line.split()[0] for line in (checkout / "calls").read_text().splitlines()]


@pytest.mark.parametrize("command", [("setup",), ("preview", "dev")])
def test_two_first_starts_at_the_same_time_make_venv_once(command: tuple[str, ...], slow: Path) -> None:
    processes = [start(slow, "./stack", *command) for _ in range(2)]
    printed = sorted(process.communicate(timeout=60)[1] for process in processes)
    assert [process.returncode for process in processes] == [0, 0], printed
    assert calls_of_uv(slow) == ["venv", "pip"]
    assert printed == ["Setting up .venv (once) ...\n", "Waiting for another process that sets up .venv ...\n"]


def test_lock_of_a_killed_set_up_is_free(slow: Path) -> None:
    fast = (slow / "bin" / "uv").read_text()
    program(slow / "bin" / "uv", f"""[ "$1" = --version ] && exit\ntouch {slow / "begun"}\nsleep 60""")
    killed = start(slow, "./stack", "setup")
    while not (slow / "begun").exists():
        assert killed.poll() is None
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    (slow / "bin" / "uv").write_text(fast)
    ended = stack(slow, "setup")
    assert (ended.returncode, ended.stderr) == (0, "Setting up .venv (once) ...\n")


def test_wait_for_another_set_up_ends_with_an_error(slow: Path) -> None:
    launcher = slow / "stack"
    launcher.write_text(launcher.read_text().replace("lock_seconds=900", "lock_seconds=0.3"))
    with (slow / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = stack(slow, "setup")
    assert (ended.returncode, ended.stderr.splitlines()) == (
        2,
        [
            "Waiting for another process that sets up .venv ...",
            f"Another process holds {slow}/.venv.lock for more than 0.3 seconds: end it, and start again.",
        ],
    )
    assert not (slow / ".venv").exists()


def test_linked_environment_of_another_checkout_is_not_changed(slow: Path) -> None:
    other = program(slow / "other" / ".venv" / "bin" / "python", "exit 0")
    (slow / ".venv").symlink_to(other.parents[1])
    assert stack(slow, "setup").returncode == 0
    assert not (slow / ".venv").is_symlink()
    assert [path.name for path in (slow / "other" / ".venv").iterdir()] == ["bin"]
    assert other.read_text() == "#!/bin/sh\nexit 0\n"
