"""A village: the smallest city in which a case can walk the whole loop, for tests."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.clock import SystemClock
from city_core.people.roles import Actor
from city_core.people.tokens import actor_from

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
    await database.case_types.insert_many([_type(code) for code in ("E0110", "E0112", "E0409", "C0102")])
    await database.filing_conditions.insert_many([
        _condition("E0110", 4, "work_hour"), _condition("E0112", 2, "work_hour"),
        _condition("C0102", 2, "urgent_hour"),
    ])  # fmt: skip
    await database.departments.insert_many([
        _department("sanitation", ["E", "C03"]), _department("water", ["C01"]),
    ])  # fmt: skip
    people = [_person(number, name) for number, name in enumerate(_PEOPLE)]
    await database.people.insert_many(people)
    return {person["_id"]: actor_from(person) for person in people}


def _type(code: str) -> dict[str, object]:
    return {
        "_id": code, "standard": "GB/T 30428.2-2013", "kind": "event" if code[0] == "E" else "component",
        "major_code": code[1:3], "major_zh": "类", "major_en": "major", "minor_code": code[3:],
        "name_zh": f"类别{code}", "name_en": f"type {code}", "certainty": "confirmed", "local": False,
    }  # fmt: skip


def _condition(code: str, value: int, unit: str) -> dict[str, object]:
    return {
        "_id": f"{code}-1", "type_code": code, "position": 1, "text_en": "there", "text_zh": "存在",
        "limit_value": value, "limit_unit": unit, "closing_en": "gone", "closing_zh": "清除",
    }  # fmt: skip


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
