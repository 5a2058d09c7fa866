"""Clocks, and the explanation of a deadline, as phones see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.deadlines import readers
from city_api.deadlines.words import CLOCK_NAMES, HOLDER_NAMES, line_in_words
from city_api.enums import ClockName, Lamp, LimitUnit
from city_api.people.types import Department
from city_api.rows import computed, stored
from city_core.cases.clocks.stages import ClockName as Clock
from city_core.cases.clocks.stages import Holder


@strawberry.type(description="A clock 时限 of a case as its last step left it.")
class CaseClock:
    name: ClockName = stored("name")
    title: str = computed(lambda clock, context: CLOCK_NAMES[Clock(clock["name"])][context.language == "en"])
    limit_value: int = computed(readers.limit("value"))
    limit_unit: LimitUnit = computed(readers.limit("unit"))
    season: str | None = computed(readers.limit("season"), description="Of a limit in season days.")
    started_at: datetime = stored("started_at")
    due_at: datetime | None = stored("due_at", "Nothing while it is paused.")
    yellow_at: datetime | None = stored("yellow_at", "From when on its lamp is yellow.")
    lamp: Lamp = computed(readers.lamp_of_clock)
    used_seconds: int = stored("used_s", "Counted until the last step, in the limit's own time.")
    budget_seconds: int = stored("budget_s", "The limit with its extensions, in the limit's own time.")
    paused: bool = stored("paused", "Paused 挂起 by suspension or merging.")
    stopped_at: datetime | None = stored("stopped_at", "Since when it stands still.")


@strawberry.type(description="One reason why a clock is due when it is.")
class DeadlineLine:
    kind: str = stored("kind")
    text: str = computed(lambda line, context: line_in_words(line, context.language))
    at: datetime | None = stored("at")
    until: datetime | None = stored("until")


@strawberry.type(description="A stretch in which somebody had the case; all add up to its time.")
class Holding:
    holder_name: str = computed(
        lambda held, context: HOLDER_NAMES[Holder(held["holder"])][context.language == "en"]
    )
    department: Department | None = computed(
        readers.holding_department, description="If one had it 处置单位."
    )
    since: datetime = stored("since")
    until: datetime | None = stored("until", "Nothing for whoever has it now.")
    counted_seconds: int = stored("counted_s", "In the time of the clock that was asked about.")


@strawberry.type(description="Why a clock of a case is due when it is 时限说明.")
class DeadlineExplanation:
    name: ClockName = stored("name")
    clock: CaseClock | None = stored("clock", "Nothing when it has not begun.")
    lines: list[DeadlineLine] = stored("lines")
    holdings: list[Holding] = stored("holdings", "Who had the case, one after the other.")
