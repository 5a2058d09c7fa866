"""The rules of the city of the matrix, with something in every column, and who published them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from city_core.cases.routing_book import ROUTING_BOOK
from city_core.catalogue.calendar import CALENDAR_BOOK
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.detection.models import note_model
from city_core.kit.ids import new_id
from city_core.kit.rulebook.store import Rulebook, publish
from city_core.kit.rulebook.tables import Content
from tests.api.policy.seeded_rows import FAR
from tests.api.support import Api
from tests.machines import GARBAGE
from tests.routing_rows import csv_of, rule_row
from tests.rulebooks import catalogue_content, condition_row, type_row
from tests.village import STREET

SEASON, MODULE, MODEL = "绿化季", "care", "m"
STREET_CREW = "street-crew"
# What takes and dismisses a proposal, each its own; nothing takes the third, of the far street.
PROPOSALS = {
    "takeRoutingProposal": f"E0110:{STREET}:water", "dismissRoutingProposal": f"E0112:{STREET}:water",
    "": f"E0110:{FAR}:water",
}  # fmt: skip
DRAFT, BAD_DRAFT = (csv_of(rule_row(7, name, type_prefixes=["E01"])) for name in ("water", "nowhere"))


async def seed_rules(api: Api, now: datetime) -> None:
    """Publish them as the administrator, before any case is reported."""
    for book, content in ((CALENDAR_BOOK, _calendar()), (CATALOGUE_BOOK, _catalogue())):
        await _published(api, book, content)
    await _published(api, ROUTING_BOOK, {"routing_rules": [rule_row(900, "sanitation", type_prefixes=["E"])]})
    await note_model(api.city, MODEL, {
        GARBAGE["label"]: {"precision": 0.9, "recall": 0.8, "samples": 300, "on": "2026-01-01"},
    })  # fmt: skip
    await api.city.database.departments.insert_one({
        "_id": STREET_CREW, "name_zh": "街道保洁队", "name_en": "street crew", "level": "STREET",
        "area_code": STREET, "answers_for": [{"type_prefix": "E01", "street_codes": []}],
    })  # fmt: skip
    await api.city.database.routing_proposals.insert_many([_proposal(one, now) for one in PROPOSALS.values()])


async def _published(api: Api, book: Rulebook[Any], content: Content) -> None:
    command = new_id()
    done = await publish(
        api.city, book, content, by="administrator-1", client_id=command, input_hash=command, note="据实"
    )
    assert done.is_published, done.faults


def _calendar() -> Content:
    season = {
        "name": SEASON, "begins": "01-01", "ends": "12-31", "name_zh": SEASON, "name_en": "green season",
        "certainty": "invented",
    }  # fmt: skip
    year = {"year": 2026, "provisional": False}
    return {**CALENDAR_BOOK.first_content, "years": [year], "seasons": [season]}


def _catalogue() -> Content:
    """The types of the village, the first of them with all that a type can have."""
    named = {"aliases": ["垃圾堆"], "valid_from": "2020-01-01", "valid_to": "2099-12-31"}
    types = [type_row(code) for code in ("C0102", "E0112", "E0409")]
    step = {
        "season": SEASON, "capture_zh": "拍摄全貌", "capture_en": "all of it", "departments": ["sanitation"],
        "follow_up": "E0110-3",
    }  # fmt: skip
    limit = {"limit_a": 4, "limit_b": None, "limit_c": None, "limit_unit": "work_hour", "season": None}
    major = {"major_code": "01", "major_zh": "环境", "major_en": "surroundings"}
    module = {"module": MODULE, "name_zh": "关爱", "name_en": "care", "enabled": True, "note": None}
    return catalogue_content(
        [type_row("E0110", **named), type_row("E01010", same_as="E0110"), *types],
        [
            condition_row("C0102", 2, "urgent_hour"),
            condition_row("E0110", 4, "work_hour"),
            condition_row("E0110", 5, "season_day", 2, **step),
            condition_row("E0110", 8, "work_hour", 3),
            condition_row("E0112", 2, "work_hour"),
        ],
        modules=[{**module, "certainty": "invented"}],
        module_types=[
            {"module": MODULE, **major, "type_code": "E0110", **limit, "weight": 2, "certainty": "invented"}
        ],
    )


def _proposal(proposal_id: str, now: datetime) -> dict[str, Any]:
    type_code, street, department = proposal_id.split(":")
    return {
        "_id": proposal_id, "type_code": type_code, "street_code": street, "department_id": department,
        "case_ids": ["0" * 32], "times": 1, "state": "OPEN", "first_at": now, "last_at": now,
        "last_proposed_by": "leader-1", "decided_by": None, "decided_at": None, "note": "", "version": None,
        "client_id": None, "input_hash": None,
    }  # fmt: skip
