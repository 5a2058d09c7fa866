"""The rulebook `routing`: its one table, and what a row may hold."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, time
from typing import Any

from city_core.cases.routing_checks import check_routing
from city_core.cases.routing_known import check_routing_in_city
from city_core.cases.routing_rules import SEASON_MARK, RoutingRules, compile_routing
from city_core.kit.rulebook.cells import day, text, whole, words, yes_no
from city_core.kit.rulebook.store import Rulebook
from city_core.kit.rulebook.tables import BadCell, Column, Table

SOURCES = ("INSPECTOR", "CITIZEN", "MACHINE")
AREA_CLASSES = ("A", "B", "C")
MOST_POSITION = 999_999


def _each(name: str, is_good: Callable[[str], bool], zh: str, en: str) -> Column:
    """Make a column of words with blanks between, each of which must be good."""

    def read(cell: str) -> list[str]:
        bad = [word for word in cell.split() if not is_good(word)]
        if bad:
            raise BadCell(f"应为{zh}，而不是{bad[0]!r}", f"must be {en}, not {bad[0]!r}")
        return cell.split()

    return Column(name, read, " ".join, blank=[])


def _some_of(name: str, allowed: Collection[str]) -> Column:
    known = ", ".join(allowed)
    return _each(name, lambda word: word in allowed, f"{known}中的若干项", f"some of {known}")


def _is_season(word: str) -> bool:
    first, mark, last = word.partition(SEASON_MARK)
    return bool(mark) and all(_parses(date.fromisoformat, f"2024-{end}") for end in (first, last))


def _parses(parse: Callable[[str], Any], cell: str) -> bool:
    try:
        parse(cell)
    except ValueError:
        return False
    return True


def _hour(name: str) -> Column:
    def read(cell: str) -> str:
        if len(cell) != len("18:00") or not _parses(time.fromisoformat, cell):
            raise BadCell(
                f"应为时刻，如 18:00，而不是{cell!r}", f"must be a time such as 18:00, not {cell!r}"
            )
        return cell

    return Column(name, read, blank=None)


ROUTING_TABLE = Table(
    "routing_rules",
    (
        whole("position", least=1, most=MOST_POSITION),
        text("name_zh", most=80),
        text("name_en", most=120),
        words("type_prefixes"),
        words("modules"),
        words("street_codes"),
        words("community_codes"),
        words("grid_codes"),
        _some_of("area_classes", AREA_CLASSES),
        _some_of("sources", SOURCES),
        _hour("hours_from"),
        _hour("hours_to"),
        yes_no("working_time", blank=None),
        _each("seasons", _is_season, "起止月日，如 11-15..03-15", "month and day from..to, as 11-15..03-15"),
        _some_of("weekdays", tuple("1234567")),
        day("valid_from", blank=None),
        day("valid_to", blank=None),
        text("department_id", most=80),
        words("officer_ids"),
        yes_no("enabled", blank=True),
        text("note", blank=""),
    ),
    key=("position",),
)

ROUTING_BOOK: Rulebook[RoutingRules] = Rulebook(
    name="routing",
    tables=(ROUTING_TABLE,),
    compile=compile_routing,
    check=check_routing,
    check_in_city=check_routing_in_city,
)
