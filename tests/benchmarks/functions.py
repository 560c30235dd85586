"""The functions that are compared, each unpacked as Lambda would: ours, its peers, and how to run one."""

import json
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from tests.benchmarks.stand_in import embedded_aws
from tests.support.events import http_event, user_claims
from toolkit.package import PackageError
from toolkit.package.build import BuildRequest, build
from toolkit.package.interpreter import find_interpreter
from toolkit.package.target import BuildTarget
from toolkit.package.wheels import install, rewrite

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(__file__).parent / "peers"
INVOCATION = Path(__file__).with_name("invocation.py")
BARE, HELLO, HELLO_AS_INSTALLED, OURS, OURS_UNTRIMMED, USUAL = (
    "bare handler",
    "FastAPI hello",
    "FastAPI hello, as pip leaves it",
    "items-api",
    "items-api on botocore as it comes",
    "the usual way",
)


@dataclass(frozen=True)
class Function:
    """An unpacked function and the event that it is asked."""

    name: str
    task: Path
    event: Path


@dataclass(frozen=True)
class Bench:
    """What is measured with: an interpreter, an AWS, and the functions by name."""

    python: Path
    environment: dict[str, str]
    functions: dict[str, Function]

    def command(self, name: str, mode: str) -> list[str]:
        """The words that make a function answer its event in a fresh process."""
        function = self.functions[name]
        return [str(self.python), "-s", "-P", str(INVOCATION), str(function.task), str(function.event), mode]

    def ask(self, name: str, mode: str) -> tuple[Any, float]:
        """What the process printed, and its CPU seconds from its start to its end."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = self.command(name, mode)
        answer = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if answer.returncode != 0:
            raise SystemExit(f"{name} did not answer: {(answer.stdout + answer.stderr).strip()[-2000:]}")
        return json.loads(
            answer.stdout.splitlines()[-1]
        ), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def bench() -> Iterator[Bench]:
    """All functions, built for the Python of the deployed ones where it is installed, else for this one."""
    target = BuildTarget("3.13", BuildTarget.host().architecture)
    try:
        python = find_interpreter(target)
    except PackageError:
        target = BuildTarget.host()
        python = find_interpreter(target)
    with TemporaryDirectory() as folder, embedded_aws() as (environment, certificate):
        yield _bench(Path(folder), target, python.path, environment, certificate)


def _bench(folder: Path, target: BuildTarget, python: Path, environment: dict[str, str], certificate: str) -> Bench:
    tasks = {
        OURS: packaged(folder / "ours", ROOT / "api", target),
        HELLO: compiled(as_installed(folder / "hello", PEERS / "hello.py", target), python),
        HELLO_AS_INSTALLED: as_installed(folder / "installed", PEERS / "hello.py", target),
        USUAL: as_installed(folder / "usual", PEERS / "usual.py", target),
        BARE: packaged(folder / "bare", PEERS / "bare.py", target),
    }
    tasks[OURS_UNTRIMMED] = untrimmed(folder / "untrimmed", tasks[OURS], tasks[USUAL])
    for task in tasks.values():  # each trusts what it ships, and the stand-in
        if (bundle := task / "botocore" / "cacert.pem").exists():
            rewrite(bundle, f"{bundle.read_text()}\n{certificate}")
    claims = user_claims()
    creation = write_event(folder / "create.json", "POST", "/api/v1/items", claims, {"name": "one"})
    ready = Bench(python, environment, {name: Function(name, task, creation) for name, task in tasks.items()})
    functions = {}
    for name, task in tasks.items():
        item = "one"
        if name in (OURS, OURS_UNTRIMMED, USUAL):
            item = json.loads(ready.ask(name, "answer")[0]["body"])["id"]
        event = write_event(folder / f"{task.parent.name}.json", "GET", f"/api/v1/items/{item}", claims)
        functions[name] = Function(name, task, event)
    return Bench(python, environment, functions)


def packaged(folder: Path, source: Path, target: BuildTarget) -> Path:
    """A function built and unpacked as ours is: the same locked dependencies, the same trimming, bytecode."""
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    _put_source(source, folder / "api")
    (ROOT / "build" / "cache").mkdir(parents=True, exist_ok=True)
    (folder / "build").mkdir()
    (folder / "build" / "cache").symlink_to(ROOT / "build" / "cache")
    steps: list[str] = []
    record = build(BuildRequest(folder, "bench", target), steps.append).record
    ZipFile(folder / record["path"]).extractall(folder / "task")
    return folder / "task"


def as_installed(folder: Path, source: Path, target: BuildTarget) -> Path:
    """A function as an installer leaves it: nothing trimmed, nothing compiled."""
    install(ROOT / "requirements" / "lambda.txt", target, folder / "task")
    _put_source(source, folder / "task" / "api")
    return folder / "task"


def compiled(task: Path, python: Path) -> Path:
    """The same with bytecode beside every module."""
    command = [str(python), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(task)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return task


def untrimmed(folder: Path, packaged: Path, installed: Path) -> Path:
    """A packaged function with all that botocore knows of AWS, and with every certificate authority."""
    task = shutil.copytree(packaged, folder / "task")
    shutil.rmtree(task / "botocore" / "data")
    shutil.copytree(installed / "botocore" / "data", task / "botocore" / "data")
    shutil.copyfile(installed / "botocore" / "cacert.pem", task / "botocore" / "cacert.pem")
    return task


def _put_source(source: Path, api: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, api, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        api.mkdir(parents=True)
        (api / "__init__.py").touch()
        shutil.copyfile(source, api / "lambda_handler.py")


def write_event(path: Path, method: str, route: str, claims: dict[str, str], body: Any = None) -> Path:
    """An event of a signed-in user, with a token of the usual size."""
    event = http_event(method, route, claims=claims, body=body, headers={"authorization": f"Bearer {'x' * 900}"})
    path.write_text(json.dumps(event))
    return path
