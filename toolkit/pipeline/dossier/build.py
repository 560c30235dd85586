"""Build a dossier: the preview of every stack, and the other differences between two commits."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from toolkit.configuration import configuration
from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.openapi_changes import contract_changes
from toolkit.pipeline.dossier.package_changes import PackageReport, built_packages, dependency_changes
from toolkit.pipeline.dossier.policy_changes import guard_changes
from toolkit.pipeline.preview.model import Preview, PreviewError, path_of, read, write
from toolkit.pipeline.preview.offline import Against, compared_with, preview_offline
from toolkit.policy.pack import Pack
from toolkit.projects import stack_names
from toolkit.stacks.git import changed_files, file_at, is_clean
from toolkit.stacks.stack_files import load_project


def gather(pack: Pack, root: Path, reference: str | None, previews: Path, report: Callable[[str], None]) -> Dossier:
    """Return the dossier of the working tree against a commit. Raises PreviewError without the files in git."""
    service = configuration()
    lock, document = service.package.requirements, service.openapi
    with compared_with(root, reference) as against:
        base, files = against.commit, against.files
        stacks, clean = [], is_clean(root)
        for stack in sorted(stack_names(root), key=_by_environment):
            report(f"Previewing {stack}")
            known = _existing_preview(stack, against, previews, clean)
            stacks.append(known or _new_preview(pack, stack, against, previews))
        gone = sorted(set(stack_names(files)) - {stack.stack for stack in stacks}, key=_by_environment)
        guards = guard_changes(pack, root, base, files, datetime.now(UTC).date())
    return Dossier(
        project=load_project(root).name,
        commit=against.head,
        base=base,
        stacks=tuple(stacks),
        contract=contract_changes(document, file_at(root, base, document), _text(root / document)),
        package=PackageReport(
            dependency_changes(file_at(root, base, lock) or "", _text(root / lock) or ""),
            built_packages(root),
            changed_files(root, base, service.package.sources),
        ),
        guards=guards,
        removed_stacks=tuple(gone),
        run=_run(),
    )


def _run() -> str:
    """Return the address of the GitHub run that builds it; empty elsewhere."""
    server, repository, run = (os.environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run.isdigit() else ""


def _new_preview(pack: Pack, stack: str, against: Against, previews: Path) -> Preview:
    made = preview_offline(stack, against, previews, pack)
    write(made, previews)
    return made


def _by_environment(stack: str) -> tuple[bool, int, str]:
    request = {"prod": 0, "staging": 1, "dev": 2}
    project, _, name = stack.rpartition("/")
    return bool(project), request.get(name, len(request)), name


def _existing_preview(stack: str, against: Against, previews: Path, clean: bool) -> Preview | None:
    """Return the preview of this commit or of these files; None for one of another commit."""
    path = path_of(stack, previews)
    if not path.is_file():
        return None
    try:
        preview = read(path)
    except PreviewError as error:
        return Preview(stack, "engine", "failed", error=str(error))
    same = clean and preview.base == against.commit
    return preview if preview.commit == against.head and (preview.source == "engine" or same) else None


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
