"""A village: the smallest city in which a case can walk the whole loop, for tests."""

from __future__ import annotations

from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.city import City
from city_core.kit.clock import SystemClock
from city_core.people.roles import Actor
from city_core.people.tokens import actor_from
from tests.rulebooks import put_in_force, village_catalogue

STREET, COMMUNITY, GRID, RESPONSIBILITY = "370303001", "370303001001", "370303001001001", "37030300100101"
INSIDE, OUTSIDE = (118.055, 36.805), (117.0, 36.0)
_SQUARE = [[[118.05, 36.80], [118.06, 36.80], [118.06, 36.81], [118.05, 36.81], [118.05, 36.80]]]
_PEOPLE = {
    "citizen-1": ("CITIZEN", {}),
    "citizen-2": ("CITIZEN", {}),
    "inspector-1": ("INSPECTOR", {"responsibility_grid_ids": [RESPONSIBILITY], "street_codes": [STREET]}),
    "inspector-2": ("INSPECTOR", {"responsibility_grid_ids": [RESPONSIBILITY], "street_codes": [STREET]}),
    "inspector-far": ("INSPECTOR", {"responsibility_grid_ids": ["far-01"], "street_codes": ["far"]}),
    "officer-1": ("OFFICER", {"department_id": "sanitation", "street_codes": [STREET]}),
    "officer-2": ("OFFICER", {"department_id": "sanitation", "street_codes": [STREET]}),
    "officer-other": ("OFFICER", {"department_id": "water", "street_codes": [STREET]}),
    "acceptor-1": ("ACCEPTOR", {"street_codes": [STREET]}),
    "leader-of-shift": ("SHIFT_LEADER", {"street_codes": [STREET]}),
    "dispatcher-1": ("DISPATCHER", {"street_codes": [STREET]}),
    "leader-of-street": ("LEADER", {"street_codes": [STREET], "level": "STREET"}),
    "leader-1": ("LEADER", {"street_codes": [STREET, "370303002"]}),
    "administrator-1": ("ADMINISTRATOR", {}),
    "security-administrator-1": ("SECURITY_ADMINISTRATOR", {}),
    "auditor-1": ("AUDITOR", {}),
}  # fmt: skip


async def found_village(city: City) -> dict[str, Actor]:
    """Fill an empty city with one grid, two departments, four types and a person for every duty."""
    database = city.database
    square = {"type": "Polygon", "coordinates": _SQUARE}
    await database.unit_grids.insert_one({
        "_id": GRID, "community_code": COMMUNITY, "street_code": STREET, "district_code": "370303",
        "responsibility_grid_id": RESPONSIBILITY, "shape": square, "area_m2": 1e6, "area_class": "A",
        "centre": {"type": "Point", "coordinates": list(INSIDE)}, "code_is_real": False,
        "valid_from": "2026-01-01", "valid_to": None,
    })  # fmt: skip
    await database.departments.insert_many([
        _department("sanitation", ["E", "C03"]), _department("water", ["C01"]),
    ])  # fmt: skip
    await put_in_force(city, CATALOGUE_BOOK, village_catalogue())
    people = [_person(number, name) for number, name in enumerate(_PEOPLE)]
    await database.people.insert_many(people)
    return {person["_id"]: actor_from(person) for person in people}


def _department(name: str, prefixes: list[str]) -> dict[str, object]:
    lines = [{"type_prefix": prefix, "street_codes": []} for prefix in prefixes]
    return {"_id": name, "name_zh": name, "name_en": name, "answers_for": lines}


def _person(number: int, name: str) -> dict[str, object]:
    role, more = _PEOPLE[name]
    return {
        "_id": name, "phone": f"199053300{number:02d}", "name": name, "role": role, "password_hash": None,
        "department_id": None, "street_codes": [], "responsibility_grid_ids": [], "on_duty": True,
        "disabled": False, "last_place": {"type": "Point", "coordinates": list(INSIDE)},
        "language": "zh", "token_version": 1, "created_at": SystemClock().now(), **more,
    }  # fmt: skip
