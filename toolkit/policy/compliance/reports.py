"""The compliance reports of stacks, and their files."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from toolkit.policy.assessment import assess_all
from toolkit.policy.compliance.account import account_of
from toolkit.policy.compliance.as_json import as_json
from toolkit.policy.compliance.identity import Release, identify
from toolkit.policy.compliance.junit import as_junit
from toolkit.policy.compliance.markdown import as_markdown
from toolkit.policy.compliance.page import as_page
from toolkit.policy.compliance.readiness import readiness
from toolkit.policy.compliance.report import Report, report_on
from toolkit.policy.compliance.sarif import as_sarif
from toolkit.policy.pack import Pack
from toolkit.stacks.errors import FileError
from toolkit.stacks.files import write_file
from toolkit.stacks.terminal import echo

FORMS: Mapping[str, Callable[[Report], str]] = {
    "md": as_markdown,
    "html": as_page,
    "json": as_json,
    "sarif": as_sarif,
    "xml": as_junit,
}


def reports_of(
    pack: Pack,
    stacks: Iterable[str],
    root: Path,
    state: Path | None = None,
    account_state: Path | None = None,
    release: Release | None = None,
) -> Iterator[tuple[str, Report]]:
    """Yield the reports on stacks, each with its account, after the name of their project's folder below the root.

    Raises EvaluationError, FileError or WaiverFileError.
    """
    for folder, one in assess_all(pack, stacks, state, root):
        account = account_of(one, folder, account_state)
        identity = replace(
            identify(one, folder, state),
            bootstrap=account.words,
            with_account=account.evaluated,
            release=release,
        )
        yield folder.name if folder != root else "", report_on(one, identity, account.assessment)


def write(report: Report, folder: Path) -> None:
    """Write every form of the report into the folder. Raises FileError where it cannot be written."""
    written = {suffix: form(report) for suffix, form in FORMS.items()}
    for suffix, text in written.items():
        try:
            write_file(folder / f"{report.identity.stack}.{suffix}", text)
        except FileError as error:
            raise FileError(f"{str(error).removesuffix('.')}; name another folder with --out.") from None


def show(report: Report, folder: Path) -> None:
    """Print the result of the report and the paths of its files."""
    stack, forms = report.identity.stack, ",".join(FORMS)
    echo(f"{stack}: {report.headline}; {folder}/{stack}.{{{forms}}}")
    echo(f"  To show to an auditor: {readiness(report).answer.value}")
