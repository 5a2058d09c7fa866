"""Cards and supervisions of a case, and the lists of those who watch."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from city_api.enums import CardKind, ClockName, SupervisionKind, Watch
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_api.supervision.words import CARD_NAMES
from city_core.cases.escalation import CardKind as Kind
from city_core.cases.watch_queries import WATCHERS
from city_core.kit.mongo import Row
from city_core.people.roles import Role

if TYPE_CHECKING:
    from city_api.cases.types import Case
    from city_api.context import Context


def cards(case: Row, context: Context) -> list[Row]:
    """Show the cards of a case to staff."""
    return [] if context.viewer.role is Role.CITIZEN else case.get("cards") or []


def supervisions(case: Row, context: Context) -> list[Row]:
    """Show all supervisions to those who watch, to others those that were sent to them."""
    found: list[Row] = case.get("supervisions") or []
    if context.viewer.role in WATCHERS:
        return found
    return [row for row in found if row["to_person_id"] == context.viewer.person_id]


async def _told(card: Row, context: Context) -> list[str]:
    names = [await context.names.name(person_id) for person_id in card["told"]]
    return [name for name in names if name is not None]


def _name(field: str) -> Any:
    return computed(lambda row, context: context.names.name(row[field]), later=True)


@strawberry.type(description="A warning 预警, a yellow or a red card 黄牌 红牌: a clock of a case runs out.")
class Card:
    kind: CardKind = stored("kind")
    title: str = computed(lambda card, context: CARD_NAMES[Kind(card["kind"])][context.language == "en"])
    clock: ClockName = stored("clock", "The clock that ran out, or the stage in which nobody has the case.")
    step: int = stored("step", "The step of the ladder.")
    at: datetime = stored("at")
    told: list[str] = computed(_told, later=True, description="The names of those who were told.")


@strawberry.type(description="A supervision 督办 or an urging 催办, and its receipt 签收.")
class Supervision:
    id: strawberry.ID = stored("id")
    kind: SupervisionKind = stored("kind")
    text: str = stored("text")
    at: datetime = stored("at")
    by_name: str | None = _name("by")
    to_name: str | None = _name("to_person_id")
    confirmed_at: datetime | None = stored("confirmed_at", "When the receiver confirmed it.")


@strawberry.type(description="A supervision or an urging that nobody has confirmed yet.")
class OpenSupervision:
    case_id: strawberry.ID = stored("case_id")
    case_number: str | None = stored("number")
    supervision: Supervision = computed(lambda row, _: row)


@strawberry.type(description="One page of supervisions and urgings without a receipt, the latest first.")
class OpenSupervisionConnection:
    nodes: list[OpenSupervision] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


_CaseType = Annotated["Case", strawberry.lazy("city_api.cases.types")]


@strawberry.type(description="A case to watch, and why.")
class WatchedCase:
    watch: Watch = stored("watch")
    case: _CaseType = computed(lambda row, _: row)


@strawberry.type(description="One page of cases to watch: unassigned first, then red, then yellow.")
class WatchedCaseConnection:
    nodes: list[WatchedCase] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))
