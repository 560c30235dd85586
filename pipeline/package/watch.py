"""Builds the package again whenever its sources change."""

from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

from pipeline.package.build import LOCK, SOURCE


def rebuild_on_change(root: Path, rebuild: Callable[[], object]) -> None:
    """Call `rebuild` after every change of api/ or the lock, until interrupted."""
    lock = (root / LOCK).resolve()
    source = (root / SOURCE).resolve()
    for changes in watch(source, lock.parent, raise_interrupt=False):
        if any(Path(path) == lock or Path(path).is_relative_to(source) for _, path in changes):
            rebuild()
