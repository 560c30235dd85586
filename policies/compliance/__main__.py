"""`python -m policies.compliance [STACK...]`: the compliance report of stacks, into build/compliance."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from policies.assessment import assess_all
from policies.compliance.as_json import as_json
from policies.compliance.identity import identify
from policies.compliance.junit import as_junit
from policies.compliance.markdown import as_markdown
from policies.compliance.page import as_page
from policies.compliance.report import Report, report_on
from policies.compliance.sarif import as_sarif
from policies.waivers import WaiverFileError
from stackgraph import EvaluationError
from stackgraph.entry_point import run
from stackgraph.errors import FileError
from stackgraph.files import output_folder, write_file
from stackgraph.terminal import echo

FORMS: Mapping[str, Callable[[Report], str]] = {
    "md": as_markdown,
    "html": as_page,
    "json": as_json,
    "sarif": as_sarif,
    "xml": as_junit,
}


def main(arguments: list[str]) -> int:
    """Write the reports; 1 where a stack is blocked, 2 and one sentence where there is no verdict."""
    parser = argparse.ArgumentParser(prog="python -m policies.compliance", description=__doc__)
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="dev stands for Pulumi.dev.yaml; by default all")
    parser.add_argument("--state", type=Path, metavar="FILE", help="an exported state instead of the program")
    parser.add_argument("--root", type=Path, default=Path(), metavar="FOLDER", help="of another program than this one")
    parser.add_argument("--out", type=Path, default=Path("build/compliance"), metavar="FOLDER", help="%(default)s")
    options = parser.parse_args(arguments)
    try:
        output_folder(Path.cwd(), options.out)
        reports = [
            report_on(one, identify(one, options.root, options.state))
            for one in assess_all(options.stacks, options.state, options.root)
        ]
    except (EvaluationError, FileError, WaiverFileError) as error:
        echo(error, error=True)
        return 2
    try:
        for report in reports:
            write(report, options.out)
    except FileError as error:
        echo(f"{str(error).removesuffix('.')}; name another folder with --out.", error=True)
        return 2
    return int(any(report.blocked for report in reports))


def write(report: Report, folder: Path) -> None:
    """Every form of the report into the folder, and where on standard output; FileError where it cannot be."""
    written = {suffix: form(report) for suffix, form in FORMS.items()}
    for suffix, text in written.items():
        write_file(folder / f"{report.identity.stack}.{suffix}", text)
    echo(f"{report.identity.stack}: {report.headline}; {folder}/{report.identity.stack}.{{{','.join(FORMS)}}}")


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
