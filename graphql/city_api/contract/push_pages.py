"""What a push carries, as JSON Schema with one example for each kind."""

from __future__ import annotations

import json
from typing import Any

from city_core.cases.notices import NoticeKind
from city_core.notify.templates import TEXTS

_EXAMPLE_CASE = "019abc0012347f00a1b2c3d4e5f60718"


def push_pages() -> dict[str, str]:
    """Write down the hints, by the file that each goes to."""
    pages = {}
    for kind in NoticeKind:
        pages[f"push/{kind}.schema.json"] = _as_text(_schema(kind))
        pages[f"push/examples/{kind}.json"] = _as_text({"type": kind, "id": _EXAMPLE_CASE, "seq": "5"})
    return pages


def _schema(kind: NoticeKind) -> dict[str, Any]:
    zh, en = TEXTS[kind]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind,
        "description": f"A hint without personal data; the inbox holds the truth. {zh} {en}",
        "type": "object",
        "properties": {
            "type": {"const": kind},
            "id": {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": _about(kind)},
            "seq": {"type": "string", "pattern": "^[0-9]+$", "description": "The step of the case."},
        },
        "required": ["type", "id", "seq"],
        "additionalProperties": False,
    }


def _about(kind: NoticeKind) -> str:
    if kind.startswith("CENSUS_"):
        return "The census."
    return "The emergency." if kind.startswith(("EMERGENCY_", "DRILL_")) else "The case."


def _as_text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
