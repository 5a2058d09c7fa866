"""Rows of routing rules for tests: every column empty but those that are named."""

from __future__ import annotations

from typing import Any

from city_core.cases.routing_book import ROUTING_BOOK, ROUTING_TABLE
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.rulebook.store import publish
from city_core.kit.rulebook.tables import write_csv
from tests.village import COMMUNITY, INSIDE, STREET


def rule_row(position: int, department_id: str, **given: Any) -> dict[str, Any]:
    """Make a routing rule that fits everything but what is given."""
    lists = ("type_prefixes", "modules", "street_codes", "community_codes", "grid_codes", "area_classes",
             "sources", "seasons", "weekdays", "officer_ids")  # fmt: skip
    nothing = ("hours_from", "hours_to", "working_time", "valid_from", "valid_to")
    return {
        "position": position, "name_zh": f"规则{position}", "name_en": f"rule {position}",
        "department_id": department_id, "enabled": True, "note": "",
        **{name: [] for name in lists}, **dict.fromkeys(nothing), **given,
    }  # fmt: skip


def csv_of(*rows: dict[str, Any]) -> str:
    """Write rules as the file that an administrator would send."""
    return write_csv(ROUTING_TABLE, rows)


async def publish_rules(city: City, *rows: dict[str, Any]) -> int:
    """Put these rules in force, in a village that has its divisions; answers their version."""
    await name_divisions(city)
    done = await publish(
        city, ROUTING_BOOK, {"routing_rules": list(rows)}, by="test", client_id=new_id(), input_hash="test"
    )
    assert done.faults == []
    return done.version


async def name_divisions(city: City) -> None:
    """Have the village know its street and its community by their codes."""
    for code, level, parent in ((STREET, "street", STREET[:6]), (COMMUNITY, "community", STREET)):
        row = {
            "level": level, "name_zh": "柳泉", "parent_code": parent, "code_is_real": False,
            "centre": {"type": "Point", "coordinates": list(INSIDE)},
        }  # fmt: skip
        await city.database.divisions.replace_one({"_id": code}, row, upsert=True)
