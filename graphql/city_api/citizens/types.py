"""Points 积分 as phones see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_core.cases.earning import Merit
from city_core.citizens.queries import balance_of

if TYPE_CHECKING:
    from city_api.context import Context

REASONS: dict[str, tuple[str, str]] = {
    Merit.REPORT_FILED: ("上报立案", "A report was filed"),
    Merit.REPORT_CLOSED: ("上报办结", "A report was dealt with"),
    Merit.QUESTION_ANSWERED: ("配合答复", "A question was answered"),
    Merit.CASE_RATED: ("参与评价", "A result was rated"),
    "COLLECTED": ("归集匿名上报积分", "Points of anonymous reports were collected"),
}


@strawberry.type(description="One gain or loss of points 积分.")
class PointEntry:
    id: strawberry.ID = stored("_id")
    points: int = stored("points")
    reason: str = stored("reason", "REPORT_FILED, REPORT_CLOSED, QUESTION_ANSWERED, CASE_RATED or COLLECTED.")
    reason_name: str = computed(lambda row, context: REASONS[row["reason"]][context.language == "en"])
    case_id: strawberry.ID | None = stored("case_id")
    at: datetime = stored("at")


async def _balance(_: Any, context: Context) -> int:
    return await balance_of(context.city, context.viewer.person_id)


@strawberry.type(description="Points that came to one's account from anonymous reports.")
class CollectedPoints:
    points: int = computed(lambda points, _: points)


@strawberry.type(description="Your account of points 积分, the newest entry first.")
class PointAccount:
    balance: int = computed(_balance, later=True)
    nodes: list[PointEntry] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))
