"""`python -m toolkit.policy.compliance [STACK...]`: the compliance report of stacks, into build/compliance."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
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
from toolkit.policy.pack import Pack, configured_pack
from toolkit.stacks.entry_point import run
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import output_folder, write_file
from toolkit.stacks.terminal import echo

FORMS: Mapping[str, Callable[[Report], str]] = {
    "md": as_markdown,
    "html": as_page,
    "json": as_json,
    "sarif": as_sarif,
    "xml": as_junit,
}


def main(arguments: list[str]) -> int:
    """Write the reports; 1 where a stack is blocked or incomplete, 2 and one sentence where there is no verdict."""
    parser = argparse.ArgumentParser(prog="python -m toolkit.policy.compliance", description=__doc__)
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="dev stands for Pulumi.dev.yaml; by default all")
    parser.add_argument("--state", type=Path, metavar="FILE", help="an exported state instead of the program")
    parser.add_argument("--account-state", type=Path, metavar="FILE", help="of the account's bootstrap stack")
    parser.add_argument("--root", type=Path, default=Path(), metavar="FOLDER", help="of another program than this one")
    parser.add_argument("--out", type=Path, default=Path("build/compliance"), metavar="FOLDER", help="%(default)s")
    options = parser.parse_args(arguments)
    try:
        output_folder(Path.cwd(), options.out)
        reports = list(
            reports_of(configured_pack(), options.stacks, options.root, options.state, options.account_state)
        )
    except RefusedError as error:
        echo(error, error=True)
        return 2
    try:
        for report in reports:
            write(report, options.out)
    except FileError as error:
        echo(f"{str(error).removesuffix('.')}; name another folder with --out.", error=True)
        return 2
    return int(any(report.blocked or report.incomplete for report in reports))


def reports_of(
    pack: Pack,
    stacks: list[str],
    root: Path,
    state: Path | None = None,
    account_state: Path | None = None,
    release: Release | None = None,
) -> Iterator[Report]:
    """The reports on stacks, each with its account. Raises EvaluationError, FileError or WaiverFileError."""
    for one in assess_all(pack, stacks, state, root):
        account = account_of(one, root, account_state)
        identity = replace(
            identify(one, root, state),
            bootstrap=account.words,
            with_account=account.evaluated,
            release=release,
        )
        yield report_on(one, identity, account.assessment)


def write(report: Report, folder: Path) -> None:
    """Every form of the report into the folder, and where on standard output; FileError where it cannot be."""
    written = {suffix: form(report) for suffix, form in FORMS.items()}
    for suffix, text in written.items():
        write_file(folder / f"{report.identity.stack}.{suffix}", text)
    stack, forms = report.identity.stack, ",".join(FORMS)
    echo(f"{stack}: {report.headline}; {folder}/{stack}.{{{forms}}}")
    echo(f"  To show to an auditor: {readiness(report).answer.value}")


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
