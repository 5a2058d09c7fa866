"""A routing table with one more rule in front: what it covers is switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from city_core.cases.routing_book import ROUTING_TABLE
from city_core.cases.routing_cover import covers
from city_core.cases.routing_rules import rule_of_row
from city_core.kit.rulebook.tables import read_csv

Row = Mapping[str, Any]
_STEP = 10


def proposed_row(proposal: Row, type_name: tuple[str, str], department: Row) -> dict[str, Any]:
    """Write a proposal as the rule that it would be."""
    blank = read_csv(ROUTING_TABLE, "position,name_zh,name_en,department_id\n1,x,x,x\n").rows[0]
    zh, en = type_name
    return {
        **blank,
        "name_zh": f"裁定：{zh} → {department['name_zh']}"[:80],
        "name_en": f"Decided: {en} to {department['name_en']}"[:120],
        "type_prefixes": [proposal["type_code"]],
        "street_codes": [proposal["street_code"]],
        "department_id": proposal["department_id"],
        "note": f"{proposal['times']}次裁定 / decided {proposal['times']} times",
    }


def with_rule_first(rows: Sequence[Row], rule: Row) -> list[dict[str, Any]]:
    """Put a rule before all others; rules that could then never be reached are switched off."""
    lowest = min((row["position"] for row in rows), default=_STEP + 1)
    shift = max(0, _STEP + 1 - lowest)
    first = rule_of_row({**rule, "position": lowest + shift - _STEP})
    later = [{**row, "position": row["position"] + shift} for row in rows]
    for row in later:
        if row["enabled"] and covers(first, rule_of_row(row)):
            row["enabled"] = False
    return [{**rule, "position": first.position}, *later]
