"""Who may read the rules of the city, and who may change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import Rulebook
from city_core.people.roles import SEATS, Actor, Role

READERS = SEATS | {Role.LEADER, Role.ADMINISTRATOR}
KEEPERS = frozenset({Role.ADMINISTRATOR})
Books = Mapping[str, Rulebook[Any]]


def check_reader(actor: Actor) -> None:
    """Accept whoever may read the rules."""
    _check(actor, READERS)


def check_keeper(actor: Actor) -> None:
    """Accept whoever may publish rules."""
    _check(actor, KEEPERS)


def _check(actor: Actor, roles: frozenset[Role]) -> None:
    if actor.role not in roles:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(roles)))


def book_named(books: Books, name: str) -> Rulebook[Any]:
    """Find a rulebook by its name."""
    if name not in books:
        raise CityProblem("RULES_UNKNOWN", field="name", allowed=", ".join(books))
    return books[name]
