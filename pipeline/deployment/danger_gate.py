"""Stops an update that would lose data, unless its loss was agreed to by name and there is a way back."""

from collections.abc import Collection, Iterable
from pathlib import Path

from pipeline.engine_events import Change


def refuse_danger(steps: Iterable[Change], stack: str, root: Path, allowed: Collection[str]) -> None:
    """RefusedError that names each danger."""
