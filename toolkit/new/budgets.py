"""Raises the budgets that the worst month of a changed service exceeds, and prints each change.

It is a process of its own, because the one that changed the declaration has imported the former one.
"""

from pathlib import Path

from toolkit.new.stack_settings import with_budgets
from toolkit.new.writing import write_all
from toolkit.refusals import refusals
from toolkit.stacks.terminal import echo


def main() -> None:
    """Change the stack files of the working folder."""
    with refusals():
        texts, changes = with_budgets(Path.cwd())
        write_all(Path.cwd(), {}, texts)
        for change in changes:
            echo(change)


if __name__ == "__main__":
    main()
