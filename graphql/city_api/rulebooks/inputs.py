"""What the keeper of the rules gives to publish them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import strawberry


@strawberry.input(description="One table of a rulebook as CSV, its first line naming the columns.")
class RuleTableInput:
    name: str
    csv: str


@strawberry.input(description="A new version of a rulebook 规则; tables that are left out stay as they are.")
class PublishRulebookInput:
    client_id: strawberry.ID
    name: str = strawberry.field(description="One of `rulebooks`.")
    tables: list[RuleTableInput]
    note: str = strawberry.field(default="", description="Why, for the list of versions.")
    dry_run: bool = strawberry.field(default=False, description="Only say what would be wrong or change.")
    based_on: int | None = strawberry.field(
        default=None, description="The version that was edited: refused when another is in force by now."
    )


@strawberry.enum(description="What a day of the calendar is.")
class CalendarDayKind(StrEnum):
    REST = "rest"
    WORK = "work"
    HALF = "half"


@strawberry.input(description="What one day is to be: at rest, worked as usual, or for some hours only.")
class ChangeCalendarDayInput:
    client_id: strawberry.ID
    day: date
    kind: CalendarDayKind
    name_zh: str
    name_en: str
    opens: str | None = strawberry.field(default=None, description="Of a half day, such as 08:00.")
    closes: str | None = strawberry.field(default=None, description="Of a half day, such as 12:00.")
    note: str = ""
