"""Remove what calls a test that a new service does not have: targets, jobs, required checks, lines and owners."""

import json
import re
from collections.abc import Callable, Set
from pathlib import Path

_TESTS = re.compile(r"\btests[./][\w./]*\w")
_IGNORED = re.compile(r"--ignore \S+")
_CALL = re.compile(r"\bmake ([a-z][\w-]*)")
_CALL_IN_PROSE = re.compile(r"`make ([a-z][\w-]*)")
_VARIABLE = re.compile(r"(?m)^(\w+) :=")
_TARGET = re.compile(r"(?m)^([a-z][\w-]*):")
_JOB = re.compile(r"(?m)^  (?=[\w-]+:\n    name: )")
_RULESET = ".github/ruleset.json"
_OWNERS = ".github/CODEOWNERS"


def remove_callers(root: Path) -> None:
    """Remove each target of the Makefile whose tests are not there, and what calls it."""
    targets = _remaining_targets(root)

    def calls_another(text: str) -> bool:
        return not targets.issuperset(_CALL.findall(text))

    _remove_lines(root / ".ci" / "run", calls_another)
    for document in (*root.glob("*.md"), *root.glob("docs/*.md")):
        _remove_lines(document, lambda line: not targets.issuperset(_CALL_IN_PROSE.findall(line)))
    for workflow in sorted((root / ".github" / "workflows").glob("*.yml")):
        _remove_jobs(root, workflow, calls_another)
    owners = root / _OWNERS
    if owners.is_file():
        _remove_lines(owners, lambda line: line.startswith("/") and not any(root.glob(line.split()[0].strip("/"))))


def _remaining_targets(root: Path) -> frozenset[str]:
    """Remove targets whose tests are not there; return the others."""
    makefile = root / "Makefile"
    blocks = makefile.read_text(encoding="utf-8").split("\n\n")
    removed = [block for block in blocks if _runs_what_is_not_there(root, block)]
    variables = [f"$({name})" for block in removed for name in _VARIABLE.findall(block)]
    removed += [block for block in blocks if any(variable in block for variable in variables)]
    kept = [block for block in blocks if block not in removed]
    text = "\n\n".join(kept).rstrip("\n") + "\n"
    makefile.write_text(text, encoding="utf-8")
    return frozenset(_TARGET.findall(text))


def _runs_what_is_not_there(root: Path, block: str) -> bool:
    return not all(_is_there(root, name) for name in _TESTS.findall(_IGNORED.sub("", block)))


def _is_there(root: Path, name: str) -> bool:
    path = root / name.replace(".", "/")
    return path.exists() or path.with_suffix(".py").exists() or (root / name).exists()


def _remove_lines(file: Path, unwanted: Callable[[str], bool]) -> None:
    if not file.is_file():
        return
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not unwanted(line)), encoding="utf-8")


def _remove_jobs(root: Path, workflow: Path, calls: Callable[[str], bool]) -> None:
    """Remove jobs, the required checks of their names, and the lines of tests that expect them."""
    head, *jobs = _JOB.split(workflow.read_text(encoding="utf-8"))
    removed = [job for job in jobs if calls(job)]
    if not removed:
        return
    kept = [f"  {job}" for job in jobs if job not in removed]
    workflow.write_text("".join([head, *kept]).rstrip("\n") + "\n", encoding="utf-8")
    _remove_checks(root / _RULESET, {name for job in removed for name in re.findall(r"(?m)^    name: (.+)$", job)})
    expected = {f'"{workflow.stem}/{job.partition(":")[0]}"' for job in removed}
    for test in root.glob("tests/workflows/*.py"):
        _remove_lines(test, lambda line: any(name in line for name in expected))


def _remove_checks(ruleset: Path, names: Set[str]) -> None:
    if not ruleset.is_file():
        return
    document = json.loads(ruleset.read_text(encoding="utf-8"))
    for rule in document["rules"]:
        parameters = rule.get("parameters", {})
        if checks := parameters.get("required_status_checks"):
            parameters["required_status_checks"] = [each for each in checks if each["context"] not in names]
    ruleset.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
