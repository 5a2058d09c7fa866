"""The demo's named accounts: a handful per post, written to a file that people and scripts read.

`python -m city_seed.accounts` writes the file anew.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from city_core.people.roles import Role
from city_seed.local_departments import local_departments
from city_seed.people import STAFF_PASSWORD, build_people
from city_seed.reference import read_reference
from city_seed.zhangdian import build_places

ACCOUNTS_FILE = Path(__file__).parents[1] / "demo" / "accounts.json"
STORY_COMMUNITY = "370303002005"
_INNER_STREET = STORY_COMMUNITY[:9]
_WHAT_FOR: dict[Role, tuple[str, str]] = {
    Role.INSPECTOR: (
        "上报、核实、核查（公园街道沁园社区）",
        "reports, verifies and checks in Qinyuan community",
    ),
    Role.OFFICER: ("处置派到本部门的案件", "handles the cases of the department"),
    Role.ACCEPTOR: ("受理、立案", "registers and files"),
    Role.SHIFT_LEADER: ("立案、结案", "files and closes"),
    Role.DISPATCHER: ("派遣", "dispatches"),
    Role.LEADER: ("查看全区、裁定、督办", "sees the whole district, decides and supervises"),
    Role.ADMINISTRATOR: ("维护规则", "keeps the rules of the city"),
    Role.SECURITY_ADMINISTRATOR: ("管理人员、岗位与密钥", "keeps people, posts and keys"),
    Role.AUDITOR: ("查阅审计日志", "reads the audit log"),
    Role.CITIZEN: ("市民上报、评价（验证码登录）", "reports and rates; signs in by one-time code"),
}
_MOST = {
    Role.ACCEPTOR: 2,
    Role.SHIFT_LEADER: 2,
    Role.DISPATCHER: 2,
    Role.LEADER: 1,
    Role.ADMINISTRATOR: 1,
    Role.SECURITY_ADMINISTRATOR: 1,
    Role.AUDITOR: 1,
    Role.CITIZEN: 3,
}
Row = dict[str, Any]


def demo_accounts() -> Row:
    """Pick the accounts that the demo and a first visitor sign in with."""
    reference = read_reference()
    places = build_places(reference.divisions)
    departments = {row["_id"]: row for row in reference.departments}
    local = {row["_id"]: row for row in local_departments(places.divisions)}
    people = build_people(places, list(departments), created_at=datetime(2026, 1, 1, tzinfo=UTC))
    chosen = _of_the_story(people) + [
        person for role, most in _MOST.items() for person in _first(people, role, most)
    ]
    return {
        "note": "Invented people of the demo. Citizens sign in by one-time code, all others by password.",
        "staff_password": STAFF_PASSWORD,
        "accounts": [_account(person, departments | local) for person in chosen],
    }


def _of_the_story(people: list[Row]) -> list[Row]:
    """Pick the inspectors of the story's community and one officer of each department in its street."""
    inspectors = [
        person
        for person in people
        if person["role"] == Role.INSPECTOR
        and person["responsibility_grid_ids"][0].startswith(STORY_COMMUNITY)
    ]
    officers: dict[str, Row] = {}
    for person in people:
        if person["role"] == Role.OFFICER and _INNER_STREET in person["street_codes"]:
            officers.setdefault(person["department_id"], person)
    return inspectors + list(officers.values())


def _first(people: list[Row], role: Role, most: int) -> list[Row]:
    return [person for person in people if person["role"] == role][:most]


def _account(person: Row, departments: dict[str, Row]) -> Row:
    zh, en = _WHAT_FOR[Role(person["role"])]
    department = departments.get(person["department_id"], {})
    return {
        "id": person["_id"],
        "phone": person["phone"],
        "role": person["role"],
        "name_zh": person["name"],
        "department_id": person["department_id"],
        "department_zh": department.get("name_zh"),
        "responsibility_grid_ids": person["responsibility_grid_ids"],
        "place": person["last_place"]["coordinates"] if person["last_place"] else None,
        "what_for_zh": zh,
        "what_for_en": en,
    }


def main() -> None:
    """Write the accounts file anew."""
    text = json.dumps(demo_accounts(), ensure_ascii=False, indent=2)
    ACCOUNTS_FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
