"""Groups of posts by the names that the tables of the policy use; whoever is in none of them is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from city_core.kit.problems import CityProblem
from city_core.people.roles import ADMINISTRATION, SEATS, Actor, Role

PEOPLE = frozenset(Role) - {Role.SYSTEM}  # a rule of the city never asks from outside
WORKERS = PEOPLE - {Role.CITIZEN} - ADMINISTRATION  # 监督、受理、派遣、处置、领导: whoever works on cases
STAFF = WORKERS | ADMINISTRATION
PEOPLE_OF_CASES = WORKERS | {Role.CITIZEN}
GROUPS: Mapping[str, frozenset[Role]] = {
    **{role.value: frozenset({role}) for role in PEOPLE},
    "SIGNED_IN": PEOPLE,
    "SEATS": SEATS,
    "WORKERS": WORKERS,
    "STAFF": STAFF,
    "PEOPLE_OF_CASES": PEOPLE_OF_CASES,
    "ADMINISTRATION": ADMINISTRATION,
}


class RuleUnknown(ValueError):
    """A rule that names nobody the city knows: nothing is opened by a word that is not understood."""


@dataclass(frozen=True)
class Audience:
    """Who may: everybody, signed in or not, or the people of some posts."""

    posts: frozenset[Role]
    is_everybody: bool = False

    def has(self, actor: Actor | None) -> bool:
        """Tell whether somebody belongs to it; nobody is `None`."""
        return self.is_everybody or (actor is not None and actor.role in self.posts)

    def check(self, actor: Actor) -> None:
        """Refuse whoever is on another post."""
        if not self.has(actor):
            raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(self.posts)))


EVERYBODY = Audience(PEOPLE, is_everybody=True)


@cache
def audience(rule: str) -> Audience:
    """Read a rule: `ANYONE`, or groups and posts with blanks between; any other word is refused."""
    names = rule.split()
    if names == ["ANYONE"]:
        return EVERYBODY
    unknown = [name for name in names if name not in GROUPS]
    if unknown or not names:
        raise RuleUnknown(f"{rule!r} is no rule; known are ANYONE, {', '.join(sorted(GROUPS))}")
    return Audience(frozenset().union(*(GROUPS[name] for name in names)))
