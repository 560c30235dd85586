"""A rehearsal asks before it acts, stops at the first failure, goes on where it stopped, and undoes what it did."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.toolkit.pipeline.rehearsal.conftest import Desk, Person
from toolkit.pipeline.doctor import command as doctor
from toolkit.pipeline.doctor.model import CheckResult, Target, missing, ok
from toolkit.pipeline.rehearsal import checks
from toolkit.pipeline.rehearsal.model import Command, Context, Difference, StartedBy
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.stacks.errors import RefusedError

pytestmark = pytest.mark.usefixtures("aws")


def test_steps_run_in_order(desk: Desk) -> None:
    desk.rehearsal().run([desk.step("one"), desk.step("two")])
    assert desk.done == ["one", "two"]


def test_declined_step_does_nothing(desk: Desk) -> None:
    person = Person(declines="Run the step one")
    with pytest.raises(RefusedError, match="Stopped before one: nothing was done in it"):
        desk.rehearsal(person).run([desk.step("one")])
    assert (desk.done, desk.progress.attempts) == ([], [])


def test_first_step_with_a_price_asks_for_confirmation(desk: Desk) -> None:
    person = Person(declines="AWS charges")
    with pytest.raises(RefusedError, match="Stopped before priced"):
        desk.rehearsal(person).run([desk.step("free"), desk.step("priced", costs="stack")])
    assert desk.done == ["free"]
    assert person.asked[-1] == "From here on AWS charges: about $7.30 a month, $0.010 an hour. Go on?"


def test_command_after_a_preview_asks_again(desk: Desk) -> None:
    person = Person(declines="Go on with")
    asking = Command(desk.command("do").line, asks=True)
    step = replace(desk.step("up"), commands=(desk.command("preview"), asking))
    with pytest.raises(RefusedError, match="nothing was done in it"):
        desk.rehearsal(person).run([step])
    assert desk.done == ["preview"]


def test_failed_check_ends_the_run_and_shows_the_undo(desk: Desk) -> None:
    broken = desk.step("broken", [missing("Alias", "is not there", "make it")])
    with pytest.raises(RefusedError) as refused:
        desk.rehearsal().run([broken, desk.step("later")])
    assert "broken failed: Alias: is not there (fix: make it)" in str(refused.value)
    assert f"undo: {broken.undo[0].shown({})}" in str(refused.value)
    assert desk.done == ["broken"]


def test_error_of_aws_is_a_difference_with_its_code(desk: Desk) -> None:
    def check(_context: Context) -> list[CheckResult]:
        raise RefusedError("api error AccessDeniedException: kms:TagResource is not allowed")

    with pytest.raises(RefusedError):
        desk.rehearsal().run([desk.step("broken", check)])
    ((step, difference),) = desk.progress.differences(["broken"])
    assert (step, difference.kind, difference.embedded) == ("broken", "error", "works")
    assert difference.real.startswith("[AccessDeniedException] api error")


def test_error_stays_in_the_report_after_a_later_success(desk: Desk) -> None:
    with pytest.raises(RefusedError):
        desk.rehearsal().run([desk.step("one", [missing("It", "fails", "wait")])])
    desk.rehearsal().run([desk.step("one", differences=[Difference("kind", "where", "a", "b")])])
    assert [difference.kind for _, difference in desk.progress.differences(["one"])] == ["error", "kind"]


def test_met_step_is_not_run_and_not_undone(desk: Desk) -> None:
    found = desk.step("found", settles=("It",))
    desk.rehearsal().run([found])
    assert desk.rehearsal().undo([found]) == []
    assert desk.done == []
    assert desk.progress.is_done("found")


def test_undo_runs_in_reverse_order(desk: Desk) -> None:
    steps = [desk.step(name) for name in ("one", "two", "three")]
    desk.rehearsal().run(steps[:2])
    assert desk.rehearsal().undo(steps) == ["two", "one"]
    assert desk.done == ["one", "two", "-two", "-one"]
    assert desk.rehearsal().undo(steps) == []


def test_partly_failed_step_is_undone(desk: Desk) -> None:
    step = desk.step("half", [missing("It", "fails", "undo it")])
    with pytest.raises(RefusedError):
        desk.rehearsal().run([step])
    assert desk.rehearsal().undo([step]) == ["half"]


def test_manual_undo_is_skipped_without_a_person(desk: Desk) -> None:
    step = desk.step("account", undo=(Command("pulumi destroy", StartedBy.PERSON),))
    desk.rehearsal().run([step])
    assert desk.rehearsal().undo([step]) == []
    assert desk.progress.can_undo("account")


def test_undo_that_removes_nothing_fails(desk: Desk) -> None:
    answers = iter([[missing("It", "is not there", "")]])
    step = desk.step("stays", lambda _context: next(answers, [ok("It", "is there")]), settles=("It",))
    desk.rehearsal().run([step])
    with pytest.raises(RefusedError, match="stays failed: everything is still there"):
        desk.rehearsal().undo([step])


@pytest.mark.parametrize("account", ["111111111111", "222222222222", "333333333333"])
def test_example_account_is_refused_before_any_change(desk: Desk, account: str) -> None:
    with pytest.raises(RefusedError, match=rf"Account {account} in Pulumi\.dev\.yaml is an example"):
        desk.rehearsal(account=account).run([desk.step("one")])
    assert desk.done == []


def test_credentials_of_another_account_are_refused_before_any_change(desk: Desk) -> None:
    file = desk.root / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("123456789012", "999988887777"))
    with pytest.raises(RefusedError, match="credentials are for account 123456789012, and dev is in 999988887777"):
        desk.rehearsal(account="999988887777").run([desk.step("one")])
    assert desk.done == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Lambda quota", "10 concurrent executions, the stack reserves 5"),
        ("Billing access", "the account's administrators may not read budgets"),
    ],
)
def test_failing_check_of_the_doctor_stops_the_rehearsal_in_one_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    def check_of(_target: Target) -> list[CheckResult]:
        return [missing(name, words, "ask for it"), missing("Role items-api-bootstrap-plan", "is not there yet", "")]

    check_of.__module__ = "toolkit.pipeline.doctor.aws"
    monkeypatch.setattr(doctor, "CHECKS", (check_of,))
    account = desk.step("account", checks.account_ready)
    with pytest.raises(RefusedError) as refused:
        desk.rehearsal().run([account, desk.step("bootstrap")])
    assert str(refused.value).partition("\n")[0] == f"account failed: {name}: {words} (fix: ask for it)"
    assert "bootstrap" not in desk.done


def test_bootstrap_without_a_passphrase_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    (desk.root / BOOTSTRAP).mkdir(parents=True)
    step = replace(desk.step("bootstrap"), commands=(Command("pulumi up", folder=BOOTSTRAP),))
    with pytest.raises(RefusedError, match="PULUMI_CONFIG_PASSPHRASE is not set"):
        desk.rehearsal().run([step])


def test_missing_program_is_named(desk: Desk) -> None:
    step = replace(desk.step("one"), commands=(Command("no-such-program"),))
    with pytest.raises(RefusedError, match="one failed: no-such-program cannot be run: No such file or directory"):
        desk.rehearsal().run([step])


INTERRUPTED = """
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from tests.toolkit.pipeline.rehearsal.conftest import Desk
from toolkit.pipeline.rehearsal.model import Command
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
desk = Desk(Path.cwd(), Path.cwd() / "log")
step = desk.step("slow", uses_account=False)
waiting = Command(shlex.join([sys.executable, "-c", "import time; time.sleep(60)"]))
desk.rehearsal().run([replace(step, commands=(*step.commands, waiting))])
"""


def test_interrupted_step_runs_again_and_earlier_steps_do_not(desk: Desk, root: Path) -> None:
    desk.rehearsal().run([desk.step("first")])
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED], cwd=desk.root, env={"PYTHONPATH": str(root)}) as process:
        while "slow" not in desk.done:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
    assert process.returncode != 0
    last = desk.progress.last("slow")
    assert (last and last.result, desk.progress.is_done("slow"), desk.progress.is_done("first")) == (
        "running",
        False,
        True,
    )
    assert desk.progress.can_undo("slow")
