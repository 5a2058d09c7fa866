"""Stored shapes of the catalogue: types of components and events, and their filing conditions."""

from __future__ import annotations

from typing import Literal

from beanie import Document
from pymongo import ASCENDING, IndexModel

Kind = Literal["component", "event"]
LimitUnit = Literal["urgent_hour", "urgent_day", "work_hour", "work_day"]
Certainty = Literal["confirmed", "single", "bracketed", "carried", "inferred"]


class CaseType(Document):
    """One type 小类 of the dictionary; `_id` is kind letter and code, such as E0110 for 暴露垃圾."""

    id: str  # type: ignore[assignment]
    standard: str
    kind: Kind
    major_code: str
    major_zh: str
    major_en: str
    minor_code: str
    name_zh: str
    name_en: str
    certainty: str
    local: bool = False

    class Settings:
        name = "case_types"
        indexes = [IndexModel([("kind", ASCENDING), ("major_code", ASCENDING), ("minor_code", ASCENDING)])]


class CalendarDay(Document):
    """A day on which the city works differently from what the weekday says; `_id` is the date, 2026-10-01."""

    id: str  # type: ignore[assignment]
    works: bool
    name_zh: str

    class Settings:
        name = "calendar_days"


class FilingCondition(Document):
    """One filing condition 立案条件 of a type, with its limit and when it counts as closed; `_id` E0110-1."""

    id: str  # type: ignore[assignment]
    type_code: str
    position: int
    text_en: str
    text_zh: str
    limit_value: int
    limit_unit: LimitUnit
    closing_en: str
    closing_zh: str

    class Settings:
        name = "filing_conditions"
        indexes = [IndexModel([("type_code", ASCENDING), ("position", ASCENDING)])]
