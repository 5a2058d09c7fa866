"""Things at random that have what any rule asks about, and people at random who ask about them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from city_core.kit.mongo import Row
from city_core.people.roles import Actor, Role
from tests.village import RESPONSIBILITY, STREET

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
STREETS, GRIDS = [STREET, "south"], [RESPONSIBILITY, "s-1"]
_DEPARTMENTS = ["sanitation", "water"]
_PEOPLE = ["citizen-1", "officer-1", "inspector-1", "leader-1"]
_STATES = ["ON", "PLANNED", "ENDED", "IN_PROGRESS", "PENDING_CHECK", "CLOSED"]


def _some(chance: random.Random, values: list[str]) -> list[str]:
    return chance.sample(values, chance.randint(0, len(values)))


def some_actor(chance: random.Random, role: Role) -> Actor:
    """Make somebody on a post, with an area at random."""
    return Actor(
        chance.choice(_PEOPLE), role, department_id=chance.choice([None, *_DEPARTMENTS]),
        street_codes=frozenset(_some(chance, STREETS)), grid_ids=frozenset(_some(chance, GRIDS)),
        emergency_areas=frozenset(_some(chance, [STREET, "north-west"])),
    )  # fmt: skip


def some_thing(chance: random.Random, number: int) -> Row:
    """Make a thing that has what any rule asks about; a rule looks at its own part."""
    street, grid, person = chance.choice(STREETS), chance.choice(GRIDS), chance.choice(_PEOPLE)
    departments = {
        f"{name}_department_id": chance.choice([None, *_DEPARTMENTS])
        for name in ("keeper", "owner", "authority")
    }
    place = {
        "street_code": street, "community_code": chance.choice([None, "north-west", "south-east"]),
        "responsibility_grid_id": grid,
    }  # fmt: skip
    begins = NOW + timedelta(hours=chance.randint(-2, 2))
    return {
        "_id": chance.choice([f"thing-{number}", f"{person}-{number}"]), "place": place, **departments,
        "street_code": street, "responsibility_grid_id": grid, "person_id": person, "owner_id": person,
        "reporter_id": person, "people_involved": _some(chance, _PEOPLE), "added_by": person,
        "use": chance.choice(["REPORT", "HANDLE"]), "origin": chance.choice(["MACHINE", "X"]),
        "department_id": chance.choice([None, *_DEPARTMENTS]), "street_codes": _some(chance, STREETS),
        "assisting_department_ids": _some(chance, _DEPARTMENTS), "kind": chance.choice(["PERSON", "SPOT"]),
        "role": chance.choice(list(Role)).value, "touched_street_codes": _some(chance, STREETS),
        "state": chance.choice(_STATES), "is_drill": chance.random() < 0.3, "starts_at": begins,
        "ends_at": begins + timedelta(hours=chance.randint(1, 2)),
        "task": chance.choice([None, {"assignee_id": None}, {"assignee_id": chance.choice(_PEOPLE)}]),
        "assistants": [_assistant(chance) for _ in range(chance.randint(0, 2))],
    }  # fmt: skip


def _assistant(chance: random.Random) -> Row:
    return {"assignee_id": chance.choice([None, *_PEOPLE]), "answered_at": chance.choice([None, NOW])}
