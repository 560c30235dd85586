"""`./stack`: its help, exit codes, completion, and that it runs from any folder."""

import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from tests.support.command_line import PROCESS, run_command
from toolkit import refusals
from toolkit.cli import COMMANDS, EXIT_CODES, GROUPS, application, help_text
from toolkit.completion import SUBCOMMANDS, candidates
from toolkit.cost import command as cost_command
from toolkit.stacks import preview_command, stack_files, terminal
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.yaml_documents import read_yaml

ROOT = Path(__file__).parents[2]
LOADED = [name for name, command in COMMANDS.items() if command.reference]
HEAVY = ("boto3", "httpx", "pulumi", "rich", "typer", "yaml", "pydantic")
WITHOUT_RESULT = {"up", "completion", "levels", "publish-dossier", "publish-drift", "rehearsal run", "rehearsal undo"}
"""The commands that return nothing which a program could read."""


def run(*arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher in a folder, as a person without an activated .venv does."""
    path = f"{environment.pop('first', '')}/usr/local/bin:/usr/bin:/bin"
    return subprocess.run(
        arguments, cwd=folder, env={"PATH": path, **environment}, capture_output=True, text=True, check=False
    )


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command and subcommand with its full name."""
    for name in LOADED:
        command: Any = get_command(application(name))
        if isinstance(command, TyperGroup):
            yield from ((f"{name} {each}", one) for each, one in command.commands.items())
        else:
            yield name, command


def test_help_lists_every_command_once_in_its_group() -> None:
    lines = help_text().splitlines()
    for title, group in GROUPS.items():
        start = lines.index(f"{title}:")
        assert [line.split()[0] for line in lines[start + 1 : start + 1 + len(group)]] == [one.name for one in group]
    assert sum(len(group) for group in GROUPS.values()) == len(COMMANDS)
    assert max(map(len, lines)) <= 100
    assert any(EXIT_CODES in line for line in lines)


def test_help_needs_only_the_standard_library_and_less_than_0_3_s_of_cpu() -> None:
    code = (
        f"import sys; sys.argv = ['stack', '--help']; from pathlib import Path; from toolkit.cli import main\n"
        f"try: main(Path.cwd())\nfinally: print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stderr.strip() == "[]"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


def test_package_imports_neither_the_sdk_nor_what_other_commands_need() -> None:
    code = (
        "import sys; from toolkit.cli import application; application('package')\n"
        "heavy = ('pulumi', 'httpx', 'toolkit.policy', 'toolkit.cost', 'boto3', 'moto')\n"
        "print([name for name in heavy if name in sys.modules], 'toolkit.package.build' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"


@pytest.mark.parametrize("name", LOADED)
def test_every_command_has_help_with_its_exit_codes(name: str) -> None:
    ended = run_command(name, "--help")
    assert ended.exit_code == 0
    assert EXIT_CODES in " ".join(ended.stdout.split())
    assert max(map(len, ended.stdout.splitlines())) <= 100


def test_every_command_that_returns_something_has_json() -> None:
    found = dict(commands())
    has = {words for words, one in found.items() if any("--json" in parameter.opts for parameter in one.params)}
    assert found.keys() - has == WITHOUT_RESULT


def test_every_subcommand_is_completed_and_has_help() -> None:
    found: dict[str, tuple[str, ...]] = {}
    for words, one in commands():
        name, _, subcommand = words.partition(" ")
        assert one.help
        assert one.epilog == EXIT_CODES
        if subcommand:
            found[name] = (*found.get(name, ()), subcommand)
    assert found == SUBCOMMANDS


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("prevew", "dev"), "error: There is no command 'prevew': did you mean preview?"),
        (("x[/]\x1b[31m",), r"error: There is no command 'x[/]\x1b[31m': ./stack --help lists the commands."),
        (("preview",), "error: Missing argument 'STACK'. See ./stack preview --help."),
        (("preview", "--", "--json"), "error: Invalid value for 'STACK': '--json' is no name of a stack; "),
        (("preview", "other/dev"), "error: Invalid value for 'STACK': there is no project 'other': "),
        (("cost", "dev", "--against", "main", "--graphs", "a", "b"), "error: Invalid value for --graphs: "),
        (("levels", "nothing.json"), "error: nothing.json cannot be read"),
        (("token", "--folder", "nowhere"), "error: No local stack runs here: "),
        (("sbom", "absent"), "error: build/absent has no whole package; build it first: ./stack package absent"),
        (
            ("compliance", "--deployed"),
            "error: Invalid value for --deployed: it takes exactly one STACK of the service.",
        ),
    ],
)
def test_usage_and_environment_errors_are_one_sentence_and_exit_code_2(words: tuple[str, ...], sentence: str) -> None:
    ended = run(*PROCESS, *words)
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1


def test_without_a_command_the_help_is_printed_and_the_exit_code_is_2() -> None:
    ended = run(*PROCESS)
    assert (ended.returncode, ended.stdout) == (2, help_text())


def test_launcher_runs_from_another_folder_through_a_link_and_beside_another_virtual_environment(
    tmp_path: Path,
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(ROOT / "stack")
    (tmp_path / "again").symlink_to("link")
    other = tmp_path / "other" / "bin"
    other.mkdir(parents=True)
    (other / "python3").write_text("#!/bin/sh\nexit 1\n")
    (other / "python3").chmod(0o755)
    ended = run(
        *(str(tmp_path / "again"), "preview", "bootstrap/prod", "--json"),
        folder=tmp_path / "elsewhere",
        first=f"{other}:",
        VIRTUAL_ENV=str(tmp_path / "other"),
        PYTHONPATH=str(tmp_path),
        CDPATH="/",
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["project"] == "items-api-bootstrap"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_paths_are_relative_to_the_folder_of_the_caller(tmp_path: Path) -> None:
    (tmp_path / "levels.json").write_text('{"no-such-rule": "advisory"}')
    ended = run(*PROCESS, "levels", "levels.json", folder=tmp_path)
    assert ended.returncode == 2
    assert "levels.json: this pack has no rule 'no-such-rule'" in ended.stderr


def test_launcher_runs_in_a_folder_that_was_deleted(tmp_path: Path) -> None:
    script = f'cd "{tmp_path}" && mkdir gone && cd gone && rmdir ../gone && "$@"'
    ended = run("sh", "-c", script, "sh", *PROCESS, "preview", "nowhere")
    assert ended.returncode == 2
    assert "There is no stack 'nowhere': the stacks are " in ended.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("pre",), ["preview"]),
        (("preview", "p"), ["prod"]),
        (("cost", "bootstrap/p"), ["bootstrap/prod"]),
        (("cost", "prod", "--f"), ["--formulas"]),
        (("rehearsal", "u"), ["undo"]),
        (("rehearsal", "run", "--o"), ["--only", "--outputs"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
        (("nothing", "--x"), []),
    ],
)
def test_completion_knows_commands_stacks_and_options(words: tuple[str, ...], expected: list[str]) -> None:
    assert list(candidates(ROOT, words)) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_valid_in_its_shell(shell: str, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(run(*PROCESS, "completion", shell).stdout)
    assert "--complete" in script.read_text()
    if any(Path(folder, shell).exists() for folder in os.defpath.split(os.pathsep)):
        assert run(shell, "-n", str(script)).stderr == ""


def test_bash_completes_the_stacks_of_a_command(tmp_path: Path) -> None:
    words = f'source <("$1" completion bash); cd "{tmp_path}"; COMP_WORDS=("$1" preview "") COMP_CWORD=2'
    ended = run("bash", "-c", f'{words}; _stack_complete; printf "%s\\n" "${{COMPREPLY[@]}}"', "bash", f"{ROOT}/stack")
    assert ended.stdout.split()[:4] == ["dev", "local", "prod", "staging"], ended.stderr


@pytest.mark.parametrize("command", ["preview", "policies", "cost"])
def test_command_parses_each_file_of_a_stack_once(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[Path] = []

    def read(path: Path, *, as_engine: bool) -> Any:
        files.append(path.relative_to(Path.cwd()) if path.is_absolute() else path)
        return read_yaml(path, as_engine=as_engine)

    monkeypatch.setattr(stack_files, "read_yaml", read)
    assert run_command(command, "dev").exit_code == 0
    assert sorted(map(str, files)) == ["Pulumi.dev.yaml", "Pulumi.yaml"]


@pytest.mark.parametrize(
    ("module", "command", "line"),
    [(preview_command, "preview", "Evaluating dev"), (cost_command, "cost", "Estimating the cost of dev")],
)
def test_offline_command_shows_a_line_of_progress(
    module: Any, command: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    def show(text: str) -> NoReturn:
        lines.append(text)
        raise RefusedError("the command ends here")

    monkeypatch.setattr(module, "progress", show)
    assert run_command(command, "dev").exit_code != 0
    assert lines == [line]


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "lines"), [(Terminal, ["second"]), (io.StringIO, [])])
def test_progress_is_shown_on_a_terminal_only(
    stream: type[io.StringIO], lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output = stream()
    monkeypatch.setattr(sys, "stderr", output)
    monkeypatch.setattr(refusals, "console", lambda: terminal.console(error=True))
    with refusals.progress("first") as show:
        show("second")
    assert [line for line in ("first", "second") if line in output.getvalue()] == lines
