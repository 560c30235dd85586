"""A stack from its first preview to its end, by the real engine, in an embedded AWS."""

from collections.abc import Callable

import pytest

from tests.engine.engine import CURSOR_KEY, Engine
from tests.engine.left_behind import left_in
from toolkit.stacks import evaluate


@pytest.mark.parametrize("stack", ["dev", "local"])
def test_a_stack_is_previewed_made_kept_and_removed(stack: str, engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of(stack)
    resources = len(evaluate(stack, root=engine.root, config={"items-api:cursor-key": CURSOR_KEY}).resources)

    assert engine.done("preview").counts == {"create": resources}
    assert left_in(engine.aws.connection) == {}
    assert engine.done("up").counts == {"create": resources}
    assert engine.done("up", "--expect-no-changes").operations == {}
    assert engine.done("refresh", "--expect-no-changes").operations == {}
    assert engine.done("preview", "--expect-no-changes").operations == {}
    assert engine.done("destroy").counts == {"delete": resources}
    assert left_in(engine.aws.connection) == {}
    assert engine.state == []
