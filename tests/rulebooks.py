"""Small rulebooks for tests: rows with every column, and the catalogue of the village."""

from __future__ import annotations

from typing import Any

from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.rulebook.store import Rulebook, publish
from city_core.kit.rulebook.tables import Content, blank_row

Row = dict[str, Any]
OLD, NEW = "GB/T 30428.2-2013", "GB/T 47678.5-2026"
_BLANK = {table.name: blank_row(table) for table in CATALOGUE_BOOK.tables}
STANDARDS = [
    {"standard": OLD, "name_zh": "旧", "name_en": "old", "minor_digits": 2, "offered": True},
    {"standard": NEW, "name_zh": "新", "name_en": "new", "minor_digits": 3, "offered": False},
    {"standard": "local", "name_zh": "本地", "name_en": "local", "minor_digits": 2, "offered": True},
]


def type_row(code: str, **more: Any) -> Row:
    """Make a type of the standard that its code is long enough for."""
    return {
        **_BLANK["case_types"], "code": code, "standard": OLD if len(code) == 5 else NEW,
        "kind": "event" if code[0] == "E" else "component", "major_code": code[1:3], "major_zh": "类",
        "major_en": "major", "minor_code": code[3:], "name_zh": f"类别{code}", "name_en": f"type {code}",
        **more,
    }  # fmt: skip


def condition_row(type_code: str, value: int, unit: str, position: int = 1, **more: Any) -> Row:
    """Make a filing condition with one limit for all area classes."""
    return {
        **_BLANK["filing_conditions"], "id": f"{type_code}-{position}", "type_code": type_code,
        "position": position, "text_en": "there", "text_zh": "存在", "limit_a": value, "limit_unit": unit,
        "closing_en": "gone", "closing_zh": "清除", **more,
    }  # fmt: skip


def catalogue_content(types: list[Row], conditions: list[Row], **more: list[Row]) -> Content:
    """Make the content of a catalogue from its types and conditions."""
    return {
        **CATALOGUE_BOOK.first_content, "standards": STANDARDS, "case_types": types,
        "filing_conditions": conditions, **more,
    }  # fmt: skip


def village_catalogue() -> Content:
    """The catalogue of the village: four types, three of them with a condition."""
    return catalogue_content(
        [type_row(code) for code in ("C0102", "E0110", "E0112", "E0409")],
        [
            condition_row("C0102", 2, "urgent_hour"),
            condition_row("E0110", 4, "work_hour"),
            condition_row("E0112", 2, "work_hour"),
        ],
    )


async def put_in_force(city: City, book: Rulebook[Any], content: Content) -> int:
    """Publish rules that must be right; answers their version."""
    client_id = new_id()
    published = await publish(city, book, content, by="test", client_id=client_id, input_hash=client_id)
    assert published.is_published, published.faults
    return published.version
