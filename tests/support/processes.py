"""Which processes a command has started, and whether they have ended."""

from pathlib import Path


def processes_of(group_leader: int) -> set[int]:
    """The process and all its descendants."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    family = {group_leader}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def is_gone(process: int) -> bool:
    """Return whether the process has ended."""
    try:
        return "State:\tZ" in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return True
