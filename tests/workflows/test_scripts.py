"""Every script of the workflows, run: on a usual day, with hostile words, with something missing, with failures."""

import pytest

from tests.workflows.scripts import ABSENT, Machine, block_named, filled, given, used
from tests.workflows.workflow_files import BLOCKS, ROOT, Block

HOSTILE = [
    '"; touch pwned #',
    "'; touch pwned; '",
    "dev\ntouch pwned\n",
    "$(touch pwned)",
    "`touch pwned`",
    "a[$(touch pwned)]",
    "&& touch pwned ||",
    "../../pwned",
    "--help",
    "*",
]
MAY_BE_EMPTY = {"ALLOW_DATA_LOSS", "HEAD", "VERSION"}
SAYS_NO = "retargeted/another-base/Explain how to run the checks"
"""The one script that only fails, to be seen."""


def files_of(machine: Machine) -> set[str]:
    return {str(path.relative_to(machine.folder)) for path in machine.folder.rglob("*")}


@pytest.mark.parametrize("block", [block for block in BLOCKS if str(block) != SAYS_NO], ids=str)
def test_script_succeeds_with_valid_input(block: Block, machine: Machine) -> None:
    ended = machine.run(block.script, given(block))
    assert ended.code == 0, ended.said


@pytest.mark.parametrize("block", [block for block in BLOCKS if filled(block) & used(block)], ids=str)
def test_hostile_input_is_not_executed(block: Block, machine: Machine) -> None:
    machine.run(block.script, given(block))
    usual = files_of(machine)
    for words in HOSTILE:
        for name in filled(block) & used(block):
            ended = machine.run(block.script, given(block, **{name: words}))
            assert files_of(machine) == usual, (name, words, ended.said)
            for call in ended.calls:
                torn = [argument for argument in call if "touch" in argument and words.strip() not in argument]
                assert torn == [], (name, words)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_script_fails_without_its_variables(block: Block, machine: Machine) -> None:
    for name in used(block) - MAY_BE_EMPTY:
        for missing in ("", ABSENT):
            assert machine.run(block.script, given(block, **{name: missing})).code != 0, (name, missing)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_script_fails_when_a_command_fails(block: Block, machine: Machine) -> None:
    calls = len(machine.run(block.script, given(block)).calls)
    for number in range(1, calls + 1):
        assert machine.run(block.script, given(block), failing=number).code != 0, number


def stack(*words: str) -> list[str]:
    return ["stack", *words]


@pytest.mark.parametrize(
    ("name", "changed", "calls"),
    [
        ("deploy-stack/plan/Plan", {}, [stack("plan", "--", "dev")]),
        (
            "deploy-stack/deploy/Deploy the plan",
            {},
            [stack("deploy", "--plan", "build/plan/dev", "--", "dev")],
        ),
        (
            "deploy-stack/deploy/Deploy the plan",
            {"ALLOW_DATA_LOSS": "urn:pulumi:dev::p::t::one  urn:pulumi:prod::p::t::two urn:pulumi:dev::p::t::three"},
            [
                stack(
                    *("deploy", "--plan", "build/plan/dev"),
                    *(
                        "--allow-data-loss",
                        "urn:pulumi:dev::p::t::one",
                        "--allow-data-loss",
                        "urn:pulumi:dev::p::t::three",
                    ),
                    *("--", "dev"),
                )
            ],
        ),
        (
            "deploy-stack/plan/Plan",
            {"ALLOW_DATA_LOSS": "urn:pulumi:dev::p::t::one"},
            [stack("plan", "--allow-data-loss", "urn:pulumi:dev::p::t::one", "--", "dev")],
        ),
        (
            "deploy-stack/plan/Plan",
            {"ALLOW_OLDER": "true"},
            [stack("plan", "--allow-older", "--", "dev")],
        ),
        (
            "deploy-stack/deploy/Deploy the plan",
            {"ALLOW_OLDER": "true"},
            [stack("deploy", "--plan", "build/plan/dev", "--allow-older", "--", "dev")],
        ),
        ("deploy/approval/Find the approvers of prod", {}, [stack("approval", "prod")]),
        *(
            (f"{job}/Check the approval", {"STACK": "prod"}, [stack("approval", "--required", "--", "prod")])
            for job in ("deploy-stack/deploy", "destroy/destroy", "rollback/roll-back")
        ),
        (
            "upgrade/resolve/Resolve, without the releases of the last seven days",
            {},
            [["make", "lock", "UPGRADE=1", "COOLDOWN=7 days"]],
        ),
        ("deploy-stack/deploy/Smoke test", {}, [stack("smoke", "--", "dev")]),
        (
            "deploy-stack/deploy/Roll back after a failed smoke test",
            {},
            [stack("rollback", "--redeploy", "--", "dev")],
        ),
        ("rollback/roll-back/Roll back", {}, [stack("rollback", "--", "dev")]),
        ("rollback/roll-back/Roll back", {"VERSION": "4 2"}, [stack("rollback", "--to", "4 2", "--", "dev")]),
        (
            "destroy/destroy/Destroy the stack unless a resource is protected",
            {},
            [stack("destroy", "--yes", "--", "dev")],
        ),
        (
            "deploy-stack/deploy/Stop the engine and release the lock",
            {},
            [stack("unlock", "--stop-within", "240", "--", "dev")],
        ),
        (
            "review-stack/up/Stop the engine and release the lock",
            {},
            [stack("unlock", "--stop-within", "240")],
        ),
        ("drift/drift/Compare", {}, [stack("drift", "--", "dev")]),
        ("pull-request/dossier/Publish", {}, [stack("publish-dossier", "--pull-request", "7")]),
        (
            "pull-request/offline/Preview every stack with policies and cost",
            {},
            [stack("dossier", "--out", "build/dossier")],
        ),
        (
            "review-stack/up/Deploy the stack of the pull request",
            {},
            [stack("review-stack", "up", "--pull-request", "7")],
        ),
    ],
)
def test_script_calls_exactly_these_commands(
    name: str, changed: dict[str, str], calls: list[list[str]], machine: Machine
) -> None:
    block = block_named(name)
    assert machine.run(block.script, given(block, **changed)).calls == calls


@pytest.mark.parametrize(
    "name", ["destroy/destroy/Check the confirmation", "rollback/roll-back/Check the confirmation"]
)
@pytest.mark.parametrize("typed", ["", "dev", "yes", "destroy prod", "roll back prod", "destroy", "*", "Destroy dev"])
def test_unconfirmed_run_fails(name: str, typed: str, machine: Machine) -> None:
    block = block_named(name)
    ended = machine.run(block.script, given(block, CONFIRM=typed))
    assert ended.code == 1
    assert ended.said.startswith("Not confirmed: type ")


@pytest.mark.parametrize(
    ("name", "variable", "missing"),
    [
        ("deploy-stack/plan", "ROLE", "PLAN_ROLE_DEV"),
        ("deploy-stack/deploy", "ROLE", "DEPLOY_ROLE_DEV"),
        ("deploy-stack/deploy", "PULUMI_BACKEND_URL", "STATE_DEV"),
        ("drift/drift", "ROLE", "PLAN_ROLE_DEV"),
        ("pull-request/preview", "ROLE", "PREVIEW_ROLE_DEV"),
        ("review-stack/up", "ROLE", "DEPLOY_ROLE_REVIEW"),
        ("review-cleanup/sweep", "ROLE", "DESTROY_ROLE_REVIEW"),
        ("rollback/roll-back", "AWS_REGION", "AWS_REGION"),
    ],
)
def test_missing_variable_is_named(name: str, variable: str, missing: str, machine: Machine) -> None:
    block = block_named(f"{name}/Refuse a repository that is not set up")
    said = machine.run(block.script, given(block, **{variable: ""})).said
    assert said.rstrip().endswith(f"set the variable {missing}, see docs/pipeline.md")


def test_another_package_than_the_built_one_is_refused(machine: Machine) -> None:
    block = block_named("deploy-stack/deploy/Verify the digest of the package")
    (machine.work / "build" / "dev" / "function.zip").write_bytes(b"other")
    assert machine.run(block.script, given(block)).code == 1


def test_audit_continues_after_a_vulnerable_file(machine: Machine) -> None:
    (block,) = (block for block in BLOCKS if block.job.name == "dependencies")
    for name in ("dev", "lambda"):
        (machine.work / "requirements" / f"{name}.txt").write_text("")
    ended = machine.run(block.script, given(block), failing=1)
    assert (ended.code, len(ended.calls)) == (1, 2)


def test_every_locked_file_is_audited_strictly(machine: Machine) -> None:
    """Without --strict pip-audit skips what it cannot collect, and ends with 0."""
    (block,) = (block for block in BLOCKS if block.job.name == "dependencies")
    locked = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "requirements").glob("*.txt"))
    for file in locked:
        (machine.work / file).write_text("")
    calls = machine.run(block.script, given(block)).calls
    assert [call[call.index("--requirement") + 1] for call in calls] == locked
    assert all({"--strict", "--require-hashes"} <= set(call) for call in calls)


def test_audit_of_no_file_fails() -> None:
    """A pattern that matches nothing is the name of a file that is not there."""
    (block,) = (block for block in BLOCKS if block.job.name == "dependencies")
    assert "nullglob" not in block.script
    assert all("==" in file.read_text() for file in (ROOT / "requirements").glob("*.txt"))


def test_summary_shows_the_plan_to_the_approver(machine: Machine) -> None:
    block = block_named("deploy-stack/plan/List the plan's steps in the run's summary")
    assert machine.run(block.script, given(block)).written["GITHUB_STEP_SUMMARY"] == (
        "Plan 0123456789ab of package fedcba987654\n\n- create `urn:a`\n"
    )


def test_plan_outputs_whether_it_has_changes(machine: Machine) -> None:
    block = block_named("deploy-stack/plan/List the plan's steps in the run's summary")
    assert machine.run(block.script, given(block)).written["GITHUB_OUTPUT"] == "changes=true\n"


def test_private_repository_gets_a_notice_without_attestations(machine: Machine) -> None:
    block = block_named("deploy/build/Report missing attestations")
    said = machine.run(block.script, given(block)).written["GITHUB_STEP_SUMMARY"]
    assert said.startswith("The package is not attested, only its digest is checked: a private repository")
    assert said.count("\n") == 1


def test_retargeted_pull_request_gets_a_notice_on_its_checks(machine: Machine) -> None:
    ended = machine.run(block_named(SAYS_NO).script, {})
    assert ended.code == 1
    assert "::error::This pull request has another base now: close it and open it again" in ended.said


def test_set_up_puts_the_venv_first_on_the_path(machine: Machine) -> None:
    block = block_named("actions/setup/steps/Requirements")
    ended = machine.run(block.script, given(block))
    assert ended.calls == [["make", "setup"]]
    assert ended.written["GITHUB_PATH"] == f"{machine.work}/.venv/bin\n"
