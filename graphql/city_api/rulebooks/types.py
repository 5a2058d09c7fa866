"""Rulebooks, their tables and versions, and what became of a publication."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_core.kit.rulebook.store import Published
from city_core.kit.rulebook.tables import Fault, write_csv
from city_core.rules.queries import RulebookView

if TYPE_CHECKING:
    from city_api.context import Context

MOST_FAULTS = 200


@strawberry.type(description="One table of a rulebook.")
class RuleTable:
    name: str = computed(lambda shown, _: shown[0].name)
    columns: list[str] = computed(lambda shown, _: shown[0].column_names)
    key_columns: list[str] = computed(
        lambda shown, _: list(shown[0].key), description="What tells its rows apart."
    )
    row_count: int = computed(lambda shown, _: len(shown[1]))
    csv: str = computed(lambda shown, _: write_csv(*shown))


@strawberry.type(description="What a table of a rulebook holds.")
class RuleTableShape:
    name: str = computed(lambda table, _: table.name)
    columns: list[str] = computed(lambda table, _: table.column_names)


@strawberry.type(description="A set of rules of the city 规则 that is data with versions.")
class RulebookSummary:
    name: strawberry.ID = computed(lambda shown, _: shown[0].name)
    version: int = computed(
        lambda shown, _: shown[1], description="In force; 0 before anything is published."
    )
    tables: list[RuleTableShape] = computed(lambda shown, _: shown[0].tables)


def _publisher(row: Any, context: Context) -> Any:
    return context.names.name(row.get("published_by"))


@strawberry.type(description="A published version 版本 of a rulebook; it never changes.")
class RulebookVersion:
    version: int = stored("version")
    based_on: int | None = stored("based_on", "The version that it was made from.")
    note: str | None = stored("note")
    published_at: datetime | None = stored("published_at")
    published_by: str | None = stored("published_by")
    published_by_name: str | None = computed(_publisher, later=True)
    in_force: bool = stored("in_force")


@strawberry.type(description="A page of versions, the newest first.")
class RulebookVersionsPage:
    nodes: list[RulebookVersion] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


def _about(view: RulebookView, _: Any) -> dict[str, Any]:
    return {**view.about, "in_force": view.about["version"] == view.version_in_force}


@strawberry.type(description="One version of a rulebook with its tables as CSV.")
class Rulebook:
    name: strawberry.ID = computed(lambda view, _: view.book.name)
    version_in_force: int = computed(lambda view, _: view.version_in_force)
    version: RulebookVersion = computed(_about)
    tables: list[RuleTable] = computed(
        lambda view, _: [(table, view.content[table.name]) for table in view.book.tables]
    )


@strawberry.type(description="What is wrong with a table, and where: the head is row 1.")
class RuleFault:
    table: str = computed(lambda fault, _: fault.table)
    row: int | None = computed(lambda fault, _: fault.row)
    column: str | None = computed(lambda fault, _: fault.column)
    message: str = computed(lambda fault, context: _in_language(fault, context.language))


def _in_language(fault: Fault, language: str) -> str:
    return fault.en if language == "en" else fault.zh


@strawberry.type(description="What changes in one table, in rows.")
class RuleTableDifference:
    table: str = computed(lambda found, _: found.table)
    added: int = computed(lambda found, _: found.added)
    removed: int = computed(lambda found, _: found.removed)
    changed: int = computed(lambda found, _: found.changed)


def _sum_of(what: str) -> Any:
    def total(published: Published, _: Any) -> int:
        return sum(getattr(table, what) for table in published.differences)

    return total


@strawberry.type(description="What became of a publication: in force, only tried, or refused.")
class RulesOutcome:
    published: bool = computed(lambda published, _: published.is_published)
    dry_run: bool = computed(lambda published, _: published.is_dry_run)
    version: int = computed(
        lambda published, _: published.version, description="The one published; else the one in force before."
    )
    faults: list[RuleFault] = computed(
        lambda published, _: published.faults[:MOST_FAULTS], description=f"The first {MOST_FAULTS}."
    )
    fault_count: int = computed(lambda published, _: len(published.faults))
    added: int = computed(_sum_of("added"), description="Rows, over all tables.")
    removed: int = computed(_sum_of("removed"))
    changed: int = computed(_sum_of("changed"))
    tables: list[RuleTableDifference] = computed(lambda published, _: published.differences)
