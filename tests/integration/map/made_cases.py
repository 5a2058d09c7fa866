"""Cases made by chance, straight into the records, and what a list of them would show, counted by hand."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Any

from city_core.cases.queries import CaseFilter, _clauses, _left_out
from city_core.cases.workflow import FINAL_STATES, State
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.people.roles import Actor, Role
from city_core.places.cells import cell_of

STREETS = ("370303001", "370303002", "370303003")
COMMUNITIES = {street: (f"{street}001", f"{street}002") for street in STREETS}
GRIDS = {code: (f"{code}01", f"{code}02") for codes in COMMUNITIES.values() for code in codes}
DEPARTMENTS = ("sanitation", "water", "power", "traffic")
TYPES = ("E0110", "E0111", "C0101", "C0301")
PEOPLE = [f"person-{number}" for number in range(12)]
WEST, SOUTH, SIZE = 118.0, 36.75, 0.1


def made_case(dice: Random, now: datetime, *, state: str | None = None) -> dict[str, Any]:
    """Make a case somewhere, of some time of the last two years."""
    lng, lat = WEST + dice.random() ** 2 * SIZE, SOUTH + dice.random() ** 2 * SIZE
    street = dice.choice(STREETS)
    community = dice.choice(COMMUNITIES[street])
    reporter = dice.choice(PEOPLE)
    reported = now - timedelta(days=dice.random() ** 2 * 760)
    deadline = reported + timedelta(days=dice.randint(1, 700)) if dice.random() < 0.7 else None
    handled = reported + timedelta(days=dice.randint(1, 20)) if dice.random() < 0.3 else None
    place = {
        "point": {"type": "Point", "coordinates": [lng, lat]}, "cell": cell_of(lng, lat),
        "street_code": street, "community_code": community,
        "responsibility_grid_id": dice.choice(GRIDS[community]),
    }  # fmt: skip
    state = state or dice.choice([*State, *FINAL_STATES])
    return {
        "_id": new_id(), "version": 1, "state": state, "reporter_id": reporter, "client_id": uuid.uuid4().hex,
        "type_code": dice.choice(TYPES), "department_id": dice.choice([*DEPARTMENTS, None]),
        "assisting_department_ids": dice.sample(DEPARTMENTS, dice.choice([0, 0, 0, 1, 2])), "place": place,
        "people_involved": sorted({reporter, *dice.sample(PEOPLE, dice.randint(0, 3))}),
        "reported_at": reported, "deadline_at": deadline, "handled_at": handled, "work": [], "photos": [],
        "history": [], **({"tally_due": True} if state in FINAL_STATES else {}),
    }  # fmt: skip


def any_actor(dice: Random) -> Actor:
    """Make somebody of any post, now and then with an emergency that shows them more."""
    role = dice.choice(list(Role))
    wider = [*STREETS, *GRIDS]
    return Actor(
        dice.choice(PEOPLE),
        role,
        department_id=dice.choice(DEPARTMENTS) if role is Role.OFFICER else None,
        street_codes=frozenset(dice.sample(STREETS, dice.randint(0, 3))),
        grid_ids=frozenset(dice.sample([one for two in GRIDS.values() for one in two], dice.randint(0, 4))),
        emergency_areas=frozenset(dice.sample(wider, 2) if dice.random() < 0.3 else ()),
    )


async def listed(
    city: City, actor: Actor, wanted: CaseFilter, more: dict[str, Any] | None = None
) -> list[Any]:
    """Give every case that a list would show, one by one."""
    clauses = [*_clauses(city, actor, wanted), *([more] if more else [])]
    if (left_out := _left_out(actor, wanted)) is not None:
        clauses.append({"$nor": [left_out]})
    return await city.database.cases.find({"$and": clauses} if clauses else {}, {"place": 1}).to_list(None)
