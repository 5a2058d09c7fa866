"""Assistants and parts of a case as phones see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.cases.words import state_name
from city_api.catalogue.types import CaseType
from city_api.enums import State
from city_api.people.types import Department
from city_api.rows import computed, stored
from city_core.kit.mongo import Row
from city_core.policy.parts_of_cases import sees_staff_names

if TYPE_CHECKING:
    from city_api.context import Context


def _department(row: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(row.get("department_id") or ""))


def _type(row: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.types.get(row.get("type_code") or ""))


def _among_staff(key: str) -> Any:
    def show(row: Row, context: Context) -> Any:
        return row[key] if sees_staff_names(context.viewer) else None

    return show


def _assignee_name(row: Row, context: Context) -> Any:
    return context.names.name(row["assignee_id"] if sees_staff_names(context.viewer) else None)


@strawberry.type(description="A department that assists 协办 on a case, and its answer.")
class CaseAssistant:
    department: Department | None = computed(_department)
    asked: str | None = computed(
        _among_staff("asked"), description="What it is asked to do; not shown to citizens."
    )
    asked_at: datetime = stored("asked_at")
    assignee_name: str | None = computed(_assignee_name, later=True, description="Not shown to citizens.")
    answer: str | None = computed(_among_staff("answer"), description="Not shown to citizens.")
    answered_at: datetime | None = stored("answered_at", "Nothing as long as it owes its answer.")


@strawberry.type(description="A part 子案 of a split case: what the whole case shows of it.")
class CasePart:
    id: strawberry.ID = stored("_id")
    number: str = stored("number")
    state: State = stored("state")
    state_name: str = computed(lambda part, context: state_name(part["state"], context.language))
    type: CaseType | None = computed(_type)
    department: Department | None = computed(_department)


def _children(case: Row, context: Context) -> Any:
    return context.parts.of(case.get("child_ids") or [])


@strawberry.type
class JointFields:
    """What a case shows of those who work on it together."""

    return_count: int = stored("return_count", "How often departments returned it 回退次数, at its level.")
    is_decided: bool = stored("is_decided", "A leader decided who handles it 裁定: it cannot be returned.")
    assistants: list[CaseAssistant] = stored("assistants")
    parent_id: strawberry.ID | None = stored("parent_id", "The whole case that this is a part of.")
    children: list[CasePart] = computed(
        _children, later=True, needs=("child_ids",), description="The parts 子案 that it was split into."
    )
