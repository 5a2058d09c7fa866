"""Why a clock is due when it is: every line of an explanation, and its words in both languages."""

from __future__ import annotations

from datetime import date

from city_api.cases.words import STATE_NAMES
from city_api.deadlines.words import CLOCK_NAMES, HOLDER_NAMES, LAMP_NAMES, UNIT_NAMES, line_in_words
from city_core.cases.clocks.calendar import PlainCalendar
from city_core.cases.clocks.explain import Explanation, Line, explain
from city_core.cases.clocks.measure import Measures
from city_core.cases.clocks.rules import PLAIN_STAGE_LIMITS
from city_core.cases.clocks.stages import ClockName
from city_core.cases.clocks.stored import ClockRules
from city_core.cases.clocks.ticking import Lamp
from city_core.catalogue.limits import UNITS, Limit
from tests.unit.cases.clocks.histories import History, beijing, handled_by, hours, reported

CALENDAR = PlainCalendar(rest_days=frozenset({date(2026, 11, 17)}), provisional_years=frozenset({2027}))
RULES = ClockRules(PLAIN_STAGE_LIMITS, Measures(CALENDAR))
MONDAY = beijing(2026, 11, 16, 9)
TWO_DAYS = Limit(2, "work_day")


def ask(history: History, name: ClockName = ClockName.CASE, *, after_hours: float = 24) -> Explanation:
    return explain(history, RULES, name, MONDAY + hours(after_hours))


def a_long_way() -> History:
    history = handled_by(MONDAY, TWO_DAYS)
    added = {"value": 1, "unit": "work_day", "season": None}
    history.step(MONDAY + hours(1), "DECIDE_EXTENSION", approved=True, final=True, added=added)
    history.step(MONDAY + hours(2), "DECIDE_SUSPENSION", "SUSPENDED", approved=True)
    history.step(MONDAY + hours(3), "RESUME", "IN_PROGRESS")
    history.step(MONDAY + hours(3), "SWITCH_CLOCK", emergency_id="flood", limit=Limit(8, "urgent_hour").row())
    history.step(MONDAY + hours(3), "SWITCH_CLOCK", emergency_id=None, limit=TWO_DAYS.row())
    history.step(MONDAY + hours(5), "REPORT_HANDLED", "HANDLED")
    return history.step(MONDAY + hours(6), "FAIL_CHECK", "REWORK")


def test_every_event_has_its_line_in_both_languages() -> None:
    found = ask(a_long_way(), after_hours=48)
    assert [line["kind"] for line in found.lines] == [
        Line.STARTED, Line.LIMIT, Line.EXTENDED, Line.PAUSED, Line.SWITCHED, Line.SWITCHED, Line.STOPPED,
        Line.RESTED, Line.USED, Line.DUE, Line.LAMP,
    ]  # fmt: skip
    assert [line_in_words(line, "zh") for line in found.lines] == [
        "2026-11-16 09:00开始",
        "时限2工作日，依据立案条件",
        "2026-11-16 10:00批准延期1工作日",
        "2026-11-16 11:00至2026-11-16 12:00暂停计时（挂账）",
        "2026-11-16 12:00转入应急，剩余部分按8紧急工作时折算",
        "2026-11-16 12:00恢复常态，剩余部分按2工作日折算",
        "2026-11-16 14:00至2026-11-16 15:00不计时（已处置）",
        "跳过1个休息日：2026-11-17",
        "已计6小时0分，共24小时0分",
        "截止2026-11-20 11:00",
        "绿灯（未到80%）",
    ]
    assert [line_in_words(line, "en") for line in found.lines][3:8] == [
        f"paused from 2026-11-16 11:00 to 2026-11-16 12:00 ({STATE_NAMES['SUSPENDED'][1].lower()})",
        "emergency from 2026-11-16 12:00: what is left follows 8 urgent hours",
        "back to normal at 2026-11-16 12:00: what is left follows 2 work days",
        "stood still from 2026-11-16 14:00 to 2026-11-16 15:00 (handled)",
        "1 rest days not counted: 2026-11-17",
    ]


def test_a_start_in_the_night_says_from_when_it_counts() -> None:
    found = explain(reported(beijing(2026, 11, 16, 2)), RULES, ClockName.ACCEPT, MONDAY)
    assert [line_in_words(line, "en") for line in found.lines] == [
        "begun 2026-11-16 02:00",
        "begun outside working time, so it counts from 2026-11-16 08:00",
        "limit 15 work minutes, from the rules for this stage",
        "1 h 0 min of 0 h 15 min counted",
        "due 2026-11-16 08:15",
        "red, overdue",
    ]


def test_what_is_paused_has_no_due_date_and_what_has_not_begun_says_so() -> None:
    history = handled_by(MONDAY, TWO_DAYS).step(MONDAY + hours(1), "DECIDE_SUSPENSION", "SUSPENDED")
    found = ask(history)
    assert [line["kind"] for line in found.lines][2:] == [Line.PAUSED, Line.USED, Line.OPEN, Line.LAMP]
    assert line_in_words(found.lines[2], "zh") == "2026-11-16 10:00至今暂停计时（挂账）"
    assert found.lines[3]["used_s"] == 3600
    nothing = ask(reported(MONDAY))
    assert (nothing.clock, [line_in_words(line, "zh") for line in nothing.lines]) == (None, ["尚未开始计时"])


def test_a_stage_that_began_anew_is_explained_alone() -> None:
    history = a_long_way().step(MONDAY + hours(7), "REPORT_HANDLED", "HANDLED")
    found = ask(history, ClockName.CHECK)
    assert [line["kind"] for line in found.lines] == [
        Line.STARTED, Line.LIMIT, Line.USED, Line.DUE, Line.LAMP]  # fmt: skip
    assert found.lines[0]["at"] == MONDAY + hours(7)


def test_the_handling_of_each_department_is_explained_alone() -> None:
    history = handled_by(MONDAY, TWO_DAYS, "sanitation")
    history.step(MONDAY + hours(1), "RETURN", "FILED")
    history.step(MONDAY + hours(2), "DISPATCH", "DISPATCHED", to_department="water")
    history.step(MONDAY + hours(5), "RETURN", "FILED")
    history.step(MONDAY + hours(6), "DISPATCH", "DISPATCHED", to_department="sanitation")
    found = ask(history, ClockName.HANDLE)
    assert found.clock is not None
    assert (found.clock.key, found.clock.used_s) == ("sanitation", 3600)
    [stood] = [line for line in found.lines if line["kind"] == Line.STOPPED]
    assert (stood["at"], stood["until"]) == (MONDAY + hours(1), MONDAY + hours(6))


def test_a_year_that_is_not_announced_is_named() -> None:
    found = ask(handled_by(MONDAY, Limit(60, "work_day")))
    [line] = [line for line in found.lines if line["kind"] == Line.PROVISIONAL]
    assert line["year"] == 2027


def test_everything_has_words() -> None:
    assert set(CLOCK_NAMES) == set(ClockName)
    assert set(LAMP_NAMES) == set(Lamp)
    assert set(UNIT_NAMES) == set(UNITS)


def test_who_had_the_case_is_told_without_a_gap_and_adds_up_to_its_time() -> None:
    history = a_long_way()
    at = MONDAY + hours(48)
    held = explain(history, RULES, ClockName.CASE, at).holdings
    assert {row["holder"] for row in held} <= set(HOLDER_NAMES)
    assert (held[0]["since"], held[-1]["until"]) == (history[0]["at"], None)
    assert [row["until"] for row in held[:-1]] == [row["since"] for row in held[1:]]
    whole = RULES.measures.of(TWO_DAYS).spent(history[0]["at"], at)
    assert sum(row["counted_s"] for row in held) == whole > 0
