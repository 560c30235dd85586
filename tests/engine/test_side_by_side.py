"""Two stacks in one account and one state."""

from collections.abc import Callable

from tests.engine.engine import Engine
from tests.engine.left_behind import left_in


def identities(engine: Engine) -> set[tuple[str, str]]:
    return {(resource["urn"], resource.get("id", "")) for resource in engine.state}


def test_what_happens_to_a_stack_never_touches_the_one_beside_it(engine_of: Callable[..., Engine]) -> None:
    dev = engine_of("dev")
    dev.done("up")
    review = engine_of("review-7", beside=dev)
    resources, everything = identities(dev), left_in(dev.aws.connection)

    created = review.done("up").counts
    assert created == {"create": len(resources)}
    review.configure(owner="another-team")
    assert set(review.done("up").counts) == {"update"}
    assert dev.done("preview", "--refresh", "--expect-no-changes").operations == {}
    assert review.done("destroy").counts == {"delete": created["create"]}

    assert identities(dev) == resources
    assert left_in(dev.aws.connection) == everything
    assert dev.done("refresh", "--expect-no-changes").operations == {}
