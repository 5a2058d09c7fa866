"""What a draft of the routing rules would change, case by case: pure counting, nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from city_core.cases.routing_rules import Routed, RouteFacts, RoutingRules, route

MOST_EXAMPLES = 50
MOST_EXAMPLES_PER_PAIR = 5
Pair = tuple[str | None, str | None]


@dataclass(frozen=True)
class Example:
    """One case that would go elsewhere: number, type and street, nothing of a person."""

    number: str | None
    type_code: str
    street_code: str
    before: Routed
    after: Routed


@dataclass
class Tally:
    """Counts of one trial: all cases, those that would go elsewhere by pair, and those that go nowhere."""

    routed: int = 0
    pairs: Counter[Pair] = field(default_factory=Counter)
    other_people: int = 0
    without_before: int = 0
    without_after: int = 0
    uses: Counter[int] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    _shown: Counter[Pair] = field(default_factory=Counter)

    @property
    def changed(self) -> int:
        return sum(self.pairs.values())

    def add(self, case: dict[str, Any], facts: RouteFacts, before: Routed, after: Routed) -> None:
        """Count one case as it is routed now and as the draft would route it."""
        self.routed += 1
        self.without_before += before.is_fault
        self.without_after += after.is_fault
        if after.position is not None:
            self.uses[after.position] += 1
        if before.id == after.id:
            self.other_people += before.officer_ids != after.officer_ids
            return
        pair = (before.id, after.id)
        self.pairs[pair] += 1
        if self._shown[pair] < MOST_EXAMPLES_PER_PAIR and len(self.examples) < MOST_EXAMPLES:
            self._shown[pair] += 1
            code, street = facts.type_codes[0], facts.street_code
            self.examples.append(Example(case.get("number"), code, street, before, after))


@dataclass(frozen=True)
class Contest:
    """The rules in force and the draft, side by side, over the departments as they are today."""

    in_force: RoutingRules
    draft: RoutingRules
    version: int
    departments: Sequence[dict[str, Any]]

    def try_on(self, tally: Tally, case: dict[str, Any], facts: RouteFacts) -> None:
        """Route one case by both and count the difference."""
        before = route(facts, self.in_force, self.departments, self.version)
        after = route(facts, self.draft, self.departments, self.version)
        tally.add(case, facts, before, after)
