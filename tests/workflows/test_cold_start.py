"""The instructions of a cold start are counted for every pull request."""

from tests.workflows.scripts import Machine, given
from tests.workflows.workflow_files import BLOCKS


def test_every_pull_request_counts_the_instructions_of_a_cold_start(machine: Machine) -> None:
    blocks = [block for block in BLOCKS if (block.job.workflow, block.job.name) == ("pull-request", "cold-start")]
    calls = [call for block in blocks for call in machine.run(block.script, given(block)).calls]
    assert ["make", "test-start"] in calls
    assert any(call[:2] == ["sudo", "apt-get"] and "valgrind" in call for call in calls)
