"""The routing rules of the city: ordered rows, the first that fits a case says who gets it.

Pure rules: what is known of a case and a table in, a department or a named reason out. A rule that fits but
cannot be carried out is a fault and never passed over: a dispatcher decides, and the rule is put right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from city_core.cases.reasons import Why, reason
from city_core.cases.routing import choose_department
from city_core.kit.calendar import BEIJING
from city_core.kit.rulebook.tables import Content

Row = Mapping[str, Any]
Season = tuple[str, str]
SEASON_MARK = ".."


@dataclass(frozen=True)
class RouteFacts:
    """What routing looks at: type (and the code that it is handled as), modules, place, source, instant.

    `default_departments` are those that its filing condition names for when no rule speaks about it.
    """

    type_codes: tuple[str, ...]
    street_code: str
    community_code: str
    grid_code: str
    area_class: str
    source: str
    at: datetime
    modules: frozenset[str] = frozenset()
    is_working_time: bool = False
    condition_id: str | None = None
    default_departments: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoutingRule:
    """One row: who gets the cases of these types, places, sources and times; empty means any."""

    position: int
    name_zh: str
    name_en: str
    department_id: str
    officer_ids: tuple[str, ...]
    type_prefixes: tuple[str, ...]
    modules: frozenset[str]
    street_codes: frozenset[str]
    community_codes: frozenset[str]
    grid_codes: frozenset[str]
    area_classes: frozenset[str]
    sources: frozenset[str]
    hours: tuple[time, time] | None
    working_time: bool | None
    seasons: tuple[Season, ...]
    weekdays: frozenset[int]
    valid_from: str | None
    valid_to: str | None

    @property
    def passes_midnight(self) -> bool:
        return self.hours is not None and self.hours[1] <= self.hours[0]

    def fits(self, facts: RouteFacts) -> bool:
        """Tell whether this rule speaks about such a case."""
        return self._fits_what(facts) and self._fits_where(facts) and self._fits_when(facts)

    def speaks_of(self, type_codes: tuple[str, ...]) -> bool:
        """Tell whether this rule is about a type at all."""
        return not self.type_prefixes or any(code.startswith(self.type_prefixes) for code in type_codes)

    def _fits_what(self, facts: RouteFacts) -> bool:
        if not self.speaks_of(facts.type_codes):
            return False
        if self.modules and not self.modules & facts.modules:
            return False
        return not self.sources or facts.source in self.sources

    def _fits_where(self, facts: RouteFacts) -> bool:
        asked = (
            (self.street_codes, facts.street_code),
            (self.community_codes, facts.community_code),
            (self.grid_codes, facts.grid_code),
            (self.area_classes, facts.area_class),
        )
        return all(not codes or code in codes for codes, code in asked)

    def _fits_when(self, facts: RouteFacts) -> bool:
        if self.working_time not in (None, facts.is_working_time):
            return False
        local = facts.at.astimezone(BEIJING)
        if not self._in_hours(local.time()):
            return False
        return self._fits_day(self._day_of(local))

    def _in_hours(self, at: time) -> bool:
        if self.hours is None:
            return True
        opens, closes = self.hours
        return at >= opens or at < closes if self.passes_midnight else opens <= at < closes

    def _day_of(self, local: datetime) -> date:
        """Count the hours after midnight to the evening that they belong to."""
        after_midnight = self.passes_midnight and self.hours is not None and local.time() < self.hours[1]
        return local.date() - timedelta(days=1) if after_midnight else local.date()

    def _fits_day(self, day: date) -> bool:
        if self.weekdays and day.isoweekday() not in self.weekdays:
            return False
        if self.seasons and not any(in_season(f"{day:%m-%d}", season) for season in self.seasons):
            return False
        text = day.isoformat()
        return (self.valid_from or text) <= text <= (self.valid_to or text)


@dataclass(frozen=True)
class Routed:
    """Who gets a case: a department, perhaps with named people, or nobody; the reason is always named.

    `is_fault` says that a rule fits but cannot be carried out, or that nobody answers for such a case.
    """

    department_id: str | None
    reason: dict[str, Any]
    version: int
    officer_ids: tuple[str, ...] = ()
    position: int | None = None

    @property
    def id(self) -> str | None:
        return self.department_id

    @property
    def is_fault(self) -> bool:
        return self.department_id is None


@dataclass(frozen=True)
class RoutingRules:
    """The rules in use, in their order, and what they need to know; sorted out once by type."""

    rules: tuple[RoutingRule, ...]
    _by_type: dict[tuple[str, ...], tuple[RoutingRule, ...]] = field(default_factory=dict, compare=False)

    def first_for(self, facts: RouteFacts) -> RoutingRule | None:
        """Find the first rule that speaks about such a case."""
        about = self._by_type.get(facts.type_codes)
        if about is None:
            about = tuple(rule for rule in self.rules if rule.speaks_of(facts.type_codes))
            self._by_type[facts.type_codes] = about
        return next((rule for rule in about if rule.fits(facts)), None)


NO_RULES = RoutingRules(())


def route(facts: RouteFacts, rules: RoutingRules, departments: Sequence[Row], version: int) -> Routed:
    """Say who gets a case: by the first rule that fits, its condition, or who answers for it."""
    standing = {row["_id"]: row for row in departments if not row.get("disabled")}
    rule = rules.first_for(facts)
    if rule is None and facts.default_departments:
        return _by_condition(facts, standing, version)
    if rule is None:
        return _by_answerability(facts, list(standing.values()), version)
    named = {"position": rule.position, "name_zh": rule.name_zh, "name_en": rule.name_en, "version": version}
    if rule.department_id not in standing:
        gone = reason(Why.DEPARTMENT_GONE, department_id=rule.department_id, **named)
        return Routed(None, gone, version, position=rule.position)
    why = reason(Why.ROUTED, **named)
    return Routed(rule.department_id, why, version, rule.officer_ids, rule.position)


def _by_condition(facts: RouteFacts, standing: Collection[str], version: int) -> Routed:
    """Take the first department that the condition names and that is there; none is a fault to be seen."""
    figures: dict[str, Any] = {"condition_id": facts.condition_id}
    for department_id in facts.default_departments:
        if department_id in standing:
            return Routed(department_id, reason(Why.CONDITION_SAYS, **figures), version)
    gone = list(facts.default_departments)
    return Routed(None, reason(Why.CONDITION_WITHOUT_DEPARTMENT, department_ids=gone, **figures), version)


def _by_answerability(facts: RouteFacts, departments: Sequence[Row], version: int) -> Routed:
    for code in reversed(facts.type_codes):  # first the code that it is handled as, then its own
        choice = choose_department(code, facts.street_code, departments)
        if choice.id is not None:
            return Routed(choice.id, choice.reason, version)
    why = reason(Why.NO_DEPARTMENT, type_code=facts.type_codes[0], street_code=facts.street_code)
    return Routed(None, why, version)


def in_season(month_day: str, season: Season) -> bool:
    """Tell whether a day of the year (05-31) lies in a season, which may pass the new year."""
    first, last = season
    return first <= month_day <= last if first <= last else month_day >= first or month_day <= last


def compile_routing(content: Content) -> RoutingRules:
    """Make a version ready for use: the rules that are switched on, in their order."""
    rows = [row for row in content["routing_rules"] if row["enabled"]]
    return RoutingRules(tuple(rule_of_row(row) for row in sorted(rows, key=lambda row: row["position"])))


def rule_of_row(row: Row) -> RoutingRule:
    """Read one stored row as a rule."""
    hours = None
    if row["hours_from"] is not None and row["hours_to"] is not None:
        hours = (time.fromisoformat(row["hours_from"]), time.fromisoformat(row["hours_to"]))
    return RoutingRule(
        position=row["position"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        department_id=row["department_id"],
        modules=frozenset(row["modules"]),
        street_codes=frozenset(row["street_codes"]),
        community_codes=frozenset(row["community_codes"]),
        grid_codes=frozenset(row["grid_codes"]),
        area_classes=frozenset(row["area_classes"]),
        sources=frozenset(row["sources"]),
        officer_ids=tuple(row["officer_ids"]),
        type_prefixes=tuple(row["type_prefixes"]),
        hours=hours,
        working_time=row["working_time"],
        seasons=tuple(season_of(text) for text in row["seasons"]),
        weekdays=frozenset(int(day) for day in row["weekdays"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )


def season_of(text: str) -> Season:
    """Read a season such as 11-15..03-15."""
    first, _, last = text.partition(SEASON_MARK)
    return first, last
