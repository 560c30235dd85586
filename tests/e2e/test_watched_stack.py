"""How a local stack takes in what changes while it runs."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.local_stack import ROOT, LocalStackProcess, copy_checkout, forbid


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[LocalStackProcess]:
    checkout = copy_checkout(tmp_path / "checkout")
    shutil.copytree(ROOT / "build", checkout / "build")
    stack = LocalStackProcess(tmp_path / "local", root=checkout, arguments=("--watch",)).wait_until_ready()
    yield stack
    stack.stop()


def wait_for(stack: LocalStackProcess, words: str) -> None:
    wait_until(stack, lambda said: words in said)


def wait_until(stack: LocalStackProcess, heard: Callable[[str], bool]) -> None:
    deadline = time.monotonic() + 30
    while not heard(stack.words()):
        assert time.monotonic() < deadline, stack.words()
        time.sleep(0.05)


def test_change_of_code_is_deployed_while_it_runs(watched: LocalStackProcess) -> None:
    main = watched.root / "api/main.py"
    router = watched.root / "api/information.py"
    code = router.read_text()
    router.write_text("def broken(:\n" + code)
    wait_for(watched, "✗")
    with watched.client() as nobody:
        assert nobody.get("/health").status_code == 200, "the last good version goes on"
        router.write_text(code)
        main.write_text(main.read_text().replace("title=NAME", 'title="items-api, changed"'))
        wait_for(watched, "api/main.py")
        assert nobody.get("/openapi.json").json()["info"]["title"] == "items-api, changed"
    assert "outputs changed" not in watched.words()


def test_change_of_program_is_deployed_while_it_runs(watched: LocalStackProcess) -> None:
    stack_file = watched.root / "Pulumi.local.yaml"
    stack_file.write_text(stack_file.read_text().replace("echo: http", "parrot: http"))
    wait_for(watched, "✓ Pulumi.local.yaml: +7 -7")  # six routes and their integration in place of another upstream's
    with watched.client(watched.token()) as demo:
        assert demo.get("/upstreams/parrot/x").status_code == 200
        assert demo.get("/upstreams/echo/x").status_code == 404
    service = watched.root / "infrastructure/service.py"
    good = service.read_text()
    service.write_text(f'raise ValueError("[/dim] is no markup")\n{good}')
    wait_for(watched, "failed with ValueError: [/dim] is no markup")
    service.write_text(good)
    wait_for(watched, "✓ infrastructure/service.py: no change")


def test_change_that_policies_forbid_is_rejected_while_it_runs(watched: LocalStackProcess) -> None:
    wait_for(watched, "Ctrl-C ends it.")
    assert "✓ policies" in watched.words()
    forbid(watched.root / "Pulumi.local.yaml")
    wait_for(watched, "lambda-memory-cap at api-function")
    with watched.client() as nobody:
        assert nobody.get("/health").status_code == 200, "the last good version goes on"
    main = watched.root / "api/main.py"
    main.write_text(f"{main.read_text()}\n")
    wait_until(watched, lambda words: words.count("lambda-memory-cap at api-function") == 2)
    assert "✓ api/main.py" not in watched.words(), "a change of the code brings nothing along that was refused before"
