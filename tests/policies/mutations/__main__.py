"""`python -m tests.policies.mutations`: breaks the real stacks, one thing at a time, and asks which rules speak."""

import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

from tests.policies.mutations.agreements import AGREEMENTS
from tests.policies.mutations.deriving import Break, breaks, without_resource
from tests.policies.mutations.every_property import Mutant, every_mutant
from tests.policies.mutations.expected import COMPANIONS, who_misses, who_notices
from tests.policies.mutations.graphs import ASKED, Finding, World, said_between, said_of, worlds
from tests.policies.mutations.harmless import described, is_harmless, is_held_elsewhere, unused
from tests.policies.mutations.signals import SIGNALS
from tests.policies.mutations.wholes import WHOLES
from toolkit.stacks.facts import Facts, GraphFacts


@dataclass(frozen=True)
class Outcome:
    """Who should have spoken of a break, and who did."""

    kind: str
    label: str
    expected: frozenset[str]
    said: frozenset[str]
    allowed: frozenset[str] = frozenset()
    """Rules that may also find a violation."""

    @property
    def survived(self) -> bool:
        """Return whether an expected rule found nothing, or a rule that is not expected found something."""
        return not self.expected <= self.said <= self.expected | self.allowed

    @property
    def described(self) -> str:
        """Return the missing and the additional violations."""
        silent, extra = sorted(self.expected - self.said), sorted(self.said - self.expected - self.allowed)
        return f"{self.label}: silent {silent}, too much {extra}"


def run() -> Iterator[Outcome]:
    """Every mutation, one at a time."""
    before = {world.name: frozenset(said_between(world.graph)) for world in worlds()}
    yield from (_property(one, before) for one in breaks())
    for world in worlds():
        for facts in world.graph.resources:
            yield from _relations(world, facts, before[world.name])
    yield from _wholes()


def _property(one: Break, before: dict[str, frozenset[Finding]]) -> Outcome:
    prepared = one.world.with_(one.before)
    said = said_of(one.before) | (said_between(prepared) if one.prepared else before[one.world.name])
    now = said_of(one.after) | said_between(one.world.with_(one.after))
    allowed = COMPANIONS.get(one.rule, frozenset())
    return Outcome("property", f"{one.rule}: {one.label}", frozenset({one.rule}), _names(now - said), allowed)


def _relations(world: World, facts: Facts, before: frozenset[Finding]) -> Iterator[Outcome]:
    name, resource = facts.resource.name, facts.resource
    rest = GraphFacts(tuple(one for one in world.graph.resources if one is not facts))
    gone = said_between(rest) - before
    yield Outcome("deletion", f"{world.name}: {name} gone", who_misses(name, world.name), _names(gone))
    for path in resource.property_dependencies:
        left = {other: urns for other, urns in resource.property_dependencies.items() if other != path}
        cut = replace(facts, resource=replace(resource, property_dependencies=left))
        said = said_between(world.with_(cut)) - before
        label = f"{world.name}: {name}.{path} from elsewhere"
        yield Outcome("relation", label, who_notices(name, path), _names(said))


def _wholes() -> Iterator[Outcome]:
    by_name = {world.name: world for world in worlds()}
    for whole in (*WHOLES, *AGREEMENTS, *SIGNALS):
        given = whole.given(by_name[whole.world].graph)
        said = said_between(whole.change(given), whole.stack) - said_between(given)
        yield Outcome("whole", f"{whole.world}: {whole.label}", frozenset(whole.speaks.split()), _names(said))


def _names(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(rule for rule, _, _ in findings)


def main() -> int:
    """Print the score and the survivors; 1 where there are any, or a rule that no mutation makes speak."""
    started = time.perf_counter()
    with ProcessPoolExecutor(1) as other:
        changed = other.submit(every_mutant)
        outcomes = list(run())
        found = changed.result()
    nowhere = without_resource()
    silent = {rule.name for rule in ASKED} - {name for one in outcomes if not one.survived for name in one.expected}
    untried = sorted(silent - set(nowhere))
    survivors = [one for one in outcomes if one.survived]
    for one in survivors:
        _say(f"survived  {one.described}")
    for name in untried:
        _say(f"untried   {name}: no mutation makes it speak")
    for kind in ("property", "deletion", "relation", "whole"):
        of_kind = [one for one in outcomes if one.kind == kind]
        _say(f"{kind:9} {sum(not one.survived for one in of_kind)} of {len(of_kind)} as expected")
    spoke = len(ASKED) - len(silent)
    _say(
        f"rules     {spoke} of {len(ASKED) - len(nowhere)} were made to speak; {len(nowhere)} are on types no stack has"
    )
    ok = _every_property(found)
    caught = 100 * (len(outcomes) - len(survivors)) / len(outcomes)
    _say(f"score     {caught:.1f} % of {len(outcomes)} mutations in {time.perf_counter() - started:.0f} s")
    return int(bool(survivors or untried) or not ok)


def _every_property(found: list[Mutant]) -> bool:
    """Print the score of changed values by kind; return whether rules report each that is not harmless."""
    survivors = [one for one in found if not one.reported]
    missed = [one for one in survivors if not is_harmless(one)]
    silent = [one for one in missed if not is_held_elsewhere(one)]
    for one in silent:
        _say(f"survived  {described(one)} ({one.world}: {one.name})")
    stale = unused(survivors)
    for pattern in stale:
        _say(f"unused    the pattern {pattern!r} of harmless.py")
    for kind in sorted({one.changed.kind for one in found}):
        of_kind = [one for one in found if one.changed.kind == kind]
        reported = sum(bool(one.reported) for one in of_kind)
        left = sum(one.changed.kind == kind for one in missed)
        _say(f"{kind:9} {reported} of {reported + left} reported by a rule; {len(of_kind) - reported - left} harmless")
    return not silent and not stale


def _say(words: str) -> None:
    print(words)  # noqa: T201 - a command speaks


if __name__ == "__main__":
    sys.exit(main())
