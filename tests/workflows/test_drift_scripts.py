"""The script that finds the commit whose resources drift is looked for."""

from tests.workflows.scripts import COMMIT, Machine, block_named, given


def test_drift_is_looked_for_at_the_deployed_commit(machine: Machine) -> None:
    block = block_named("drift/drift/Find the commit that was deployed")
    ended = machine.run(block.script, given(block))
    assert ended.written["GITHUB_OUTPUT"] == f"commit={COMMIT}\n"
    assert {"owner=example", "name=items-api", "stack=dev"} <= set(ended.calls[0])


def test_commit_that_was_never_merged_is_not_compared_with_a_role(machine: Machine) -> None:
    """Each account with write access can record a deployment, of any commit."""
    block = block_named("drift/drift/Find the commit that was deployed")
    for status in ("behind", "diverged", ""):
        gh = machine.folder / "bin" / "gh"
        gh.write_text(f'#!/bin/bash\ncase "$*" in */compare/*) echo {status} ;; *) echo {COMMIT} ;; esac\n')
        ended = machine.run(block.script, given(block))
        assert (ended.code, ended.written["GITHUB_OUTPUT"]) == (1, "")
        assert f"is of {COMMIT}, which is not on main" in ended.said


def test_stack_that_was_never_deployed_is_no_failure_of_the_drift_check(machine: Machine) -> None:
    (machine.folder / "bin" / "gh").write_text("#!/bin/bash\n")
    block = block_named("drift/drift/Find the commit that was deployed")
    ended = machine.run(block.script, given(block))
    assert (ended.code, ended.written["GITHUB_OUTPUT"]) == (0, "commit=\n")
    assert ended.written["GITHUB_STEP_SUMMARY"] == "dev was never deployed from here: there is nothing to compare.\n"
