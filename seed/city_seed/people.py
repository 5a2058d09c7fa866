"""The demo's people, the same at every run: all of them invented.

- Every community has two inspectors, and both cover both of its responsibility grids: whoever reports in a
  grid, somebody else is there to verify and to check. 146 inspectors.
- Every department has three officers for the inner streets and three for the outer ones, spread over them.
- Every street has a leader of its own, and its office and its community station have one officer each.
- Seats and the other leaders answer for the whole district.
- Citizens have no password: they sign in by one-time code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from city_core.people.roles import Role
from city_seed.local_departments import local_departments
from city_seed.names import invented_name, invented_phone
from city_seed.zhangdian import Places

STAFF_PASSWORD = "yiwang-demo-2026"
INSPECTORS_PER_COMMUNITY = 2
OFFICERS_PER_GROUP = 3
CITIZENS = 40
SEATS: tuple[tuple[Role, int], ...] = (
    (Role.ACCEPTOR, 6),
    (Role.SHIFT_LEADER, 4),
    (Role.DISPATCHER, 4),
    (Role.LEADER, 2),
    (Role.ADMINISTRATOR, 1),
)
INNER_STREETS = frozenset(f"370303{code}" for code in ("001", "002", "004", "005", "006", "009"))
_SERIES = {
    Role.INSPECTOR: 1, Role.OFFICER: 2, Role.ACCEPTOR: 3, Role.SHIFT_LEADER: 4,
    Role.DISPATCHER: 5, Role.LEADER: 6, Role.CITIZEN: 7, Role.ADMINISTRATOR: 8,
    Role.SECURITY_ADMINISTRATOR: 8, Role.AUDITOR: 8,
}  # fmt: skip
_FIRST_NUMBER = {Role.SECURITY_ADMINISTRATOR: 100, Role.AUDITOR: 200}  # of a series that posts share
Row = dict[str, Any]


def build_people(places: Places, department_ids: Sequence[str], *, created_at: datetime) -> list[Row]:
    """Give every post of the demo its people, without passwords."""
    roster = _Roster(created_at)
    _hire_inspectors(roster, places)
    _hire_officers(roster, places, department_ids)
    streets = [row["_id"] for row in places.divisions if row["level"] == "street"]
    for role, count in SEATS:
        for _ in range(count):
            roster.add(role, street_codes=streets)
    for _ in range(CITIZENS):
        roster.add(Role.CITIZEN)
    _hire_below_the_district(roster, places)
    for role in (Role.SECURITY_ADMINISTRATOR, Role.AUDITOR):
        roster.add(role, street_codes=streets)
    return roster.people


class _Roster:
    def __init__(self, created_at: datetime) -> None:
        self.people: list[Row] = []
        self._created_at = created_at
        self._count: dict[Role, int] = defaultdict(int)

    def add(self, role: Role, **known: Any) -> None:
        self._count[role] += 1
        number = self._count[role]
        person: Row = {
            "_id": f"{role.value.lower().replace('_', '-')}-{number:03d}",
            "phone": invented_phone(_SERIES[role], _FIRST_NUMBER.get(role, 0) + number),
            "name": invented_name(len(self.people)),
            "role": role.value,
            "password_hash": None,
            "department_id": None,
            "street_codes": [],
            "responsibility_grid_ids": [],
            "on_duty": True,
            "disabled": False,
            "last_place": None,
            "last_place_at": None,
            "last_place_accuracy_m": None,
            "language": "zh",
            "level": "DISTRICT",
            "token_version": 1,
            "created_at": self._created_at,
        }
        self.people.append({**person, **known})


def _hire_inspectors(roster: _Roster, places: Places) -> None:
    middles = {row["_id"]: row["centre"] for row in places.unit_grids}
    beats: dict[str, list[Row]] = defaultdict(list)
    for grid in places.responsibility_grids:
        beats[grid["community_code"]].append(grid)
    for community, grids in sorted(beats.items()):
        for turn in range(INSPECTORS_PER_COMMUNITY):
            own = grids[turn % len(grids)]["grid_codes"]
            roster.add(
                Role.INSPECTOR,
                street_codes=[community[:9]],
                responsibility_grid_ids=[grid["_id"] for grid in grids],
                last_place=middles[own[len(own) // 2]],
            )


def _hire_officers(roster: _Roster, places: Places, department_ids: Sequence[str]) -> None:
    communities: dict[str, list[Row]] = defaultdict(list)
    for row in places.divisions:
        if row["level"] == "community":
            communities[row["parent_code"]].append(row)
    inner = sorted(INNER_STREETS & communities.keys())
    outer = sorted(communities.keys() - INNER_STREETS)
    for turn, department in enumerate(department_ids):
        for group in (inner, outer):
            for number in range(OFFICERS_PER_GROUP):
                # Every other street, and each department from another community on: spread, not heaped.
                near = communities[group[(number * 2 + turn) % len(group)]]
                roster.add(
                    Role.OFFICER,
                    department_id=department,
                    street_codes=group,
                    last_place=near[turn % len(near)]["centre"],
                )


def _hire_below_the_district(roster: _Roster, places: Places) -> None:
    centres = {row["_id"]: row["centre"] for row in places.divisions}
    for department in local_departments(places.divisions):
        area = department["area_code"]
        roster.add(
            Role.OFFICER,
            department_id=department["_id"],
            street_codes=[area[:9]],
            last_place=centres[area],
            level=department["level"],
        )
    for street in (row["_id"] for row in places.divisions if row["level"] == "street"):
        roster.add(Role.LEADER, street_codes=[street], level="STREET")
