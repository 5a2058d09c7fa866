"""The clocks of whole histories, worked out by hand; Monday is 2026-11-16."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from city_core.cases.clocks.calendar import PlainCalendar
from city_core.cases.clocks.engine import Clocks, clocks_of
from city_core.cases.clocks.measure import Measures
from city_core.cases.clocks.rules import PLAIN_STAGE_LIMITS
from city_core.cases.clocks.stages import ENDED, PAUSED, STAGES
from city_core.cases.clocks.stored import NO_CLOCKS, clock_fields, versions_of
from city_core.cases.clocks.ticking import Clock, Lamp, lamp
from city_core.cases.vocabulary import State
from city_core.catalogue.limits import Limit
from tests.unit.cases.clocks.histories import History, beijing, filed, handled_by, hours, reported

MEASURES = Measures(PlainCalendar())
MONDAY = beijing(2026, 11, 16, 9)
FOUR_HOURS, TWO_DAYS = Limit(4, "work_hour"), Limit(2, "work_day")


def clocks(history: History) -> Clocks:
    return clocks_of(history, PLAIN_STAGE_LIMITS, MEASURES)


def case_clock(history: History) -> Clock:
    found = clocks(history).case
    assert found is not None
    return found


def stage_clock(history: History) -> Clock:
    found = clocks(history).stage
    assert found is not None
    return found


def lamp_of(clock: Clock, now: datetime) -> Lamp:
    return lamp(yellow_at=clock.yellow_at, due_at=clock.due_at, stopped_at=clock.stopped_at, now=now)


def test_every_state_has_its_place() -> None:
    assert set(STAGES) | PAUSED | ENDED == set(State)


def test_a_report_of_the_night_is_accepted_in_the_morning() -> None:
    clock = stage_clock(reported(beijing(2026, 11, 16, 2)))
    assert (clock.name, clock.due_at) == ("ACCEPT", beijing(2026, 11, 16, 8, 15))
    assert clocks(reported(MONDAY)).case is None


def test_verifying_pauses_accepting_which_goes_on_after() -> None:
    history = reported(MONDAY)
    history.step(MONDAY + hours(0.1), "REQUEST_VERIFICATION", "PENDING_VERIFICATION")
    verifying = clocks(history)
    assert verifying.stage is not None
    assert (verifying.stage.name, verifying.stage.due_at) == ("VERIFY", beijing(2026, 11, 17, 9, 6))
    assert verifying.past == ()
    history.step(MONDAY + hours(2), "VERIFY", "PENDING_FILING")
    accepting = clocks(history)
    assert accepting.stage is not None
    assert (accepting.stage.name, accepting.stage.used_s) == ("ACCEPT", 360)
    assert accepting.stage.due_at == MONDAY + hours(2) + timedelta(minutes=9)
    assert [clock.name for clock in accepting.past] == ["VERIFY"]


def test_a_return_never_stops_the_clock_of_the_case() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    history.step(MONDAY + hours(1), "RETURN", "FILED")
    history.step(MONDAY + hours(2), "RETURN_TO_ACCEPTOR", "PENDING_FILING")
    assert case_clock(history).due_at == beijing(2026, 11, 16, 15)
    assert case_clock(history).used_s == 7200


def test_the_same_unit_goes_on_and_another_begins_anew() -> None:
    history = handled_by(MONDAY, FOUR_HOURS, "sanitation")
    history.step(MONDAY + hours(1), "RETURN", "FILED")
    again = History(history).step(MONDAY + hours(2), "DISPATCH", "DISPATCHED", to_department="sanitation")
    assert stage_clock(again).used_s == 3600
    assert stage_clock(again).due_at == beijing(2026, 11, 16, 16)
    other = History(history).step(MONDAY + hours(2), "DISPATCH", "DISPATCHED", to_department="water")
    assert stage_clock(other).used_s == 0
    assert stage_clock(other).due_at == beijing(2026, 11, 16, 17)
    assert case_clock(again).due_at == case_clock(other).due_at == beijing(2026, 11, 16, 15)


def test_rework_continues_and_the_check_is_not_charged_to_the_unit() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    history.step(MONDAY + hours(1), "REPORT_HANDLED", "HANDLED")
    history.step(MONDAY + hours(1), "REQUEST_CHECK", "PENDING_CHECK")
    checking = clocks(history)
    assert checking.case is not None
    assert checking.case.running_since is None
    assert checking.case.due_at == beijing(2026, 11, 16, 15)
    assert lamp_of(checking.case, MONDAY + hours(999)) is Lamp.GREEN
    assert checking.stage is not None
    assert (checking.stage.name, checking.stage.due_at) == ("CHECK", beijing(2026, 11, 16, 12))
    history.step(MONDAY + hours(3), "FAIL_CHECK", "REWORK")
    assert case_clock(history).due_at == stage_clock(history).due_at == beijing(2026, 11, 16, 17)
    assert stage_clock(history).key == "sanitation"
    history.step(MONDAY + hours(3), "REPORT_HANDLED", "HANDLED")
    assert stage_clock(history).used_s == 0  # checking begins anew


def test_an_extension_survives_suspension_and_resumption() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    decided = {"approved": True, "final": True, "added": {"value": 2, "unit": "work_hour", "season": None}}
    history.step(MONDAY + hours(1), "DECIDE_EXTENSION", **decided)
    assert case_clock(history).due_at == beijing(2026, 11, 16, 17)
    history.step(MONDAY + hours(2), "DECIDE_SUSPENSION", "SUSPENDED", approved=True)
    assert case_clock(history).due_at is None
    assert stage_clock(history).due_at is None
    assert clock_fields(clocks(history))["deadline_at"] is None
    history.step(MONDAY + timedelta(days=1), "RESUME", "IN_PROGRESS")
    assert case_clock(history).due_at == stage_clock(history).due_at == beijing(2026, 11, 17, 15)


@pytest.mark.parametrize("facts", [{"approved": False, "final": True}, {"approved": True, "final": False}])
def test_what_is_refused_or_not_yet_final_adds_nothing(facts: dict[str, bool]) -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    due_at = case_clock(history).due_at
    history.step(MONDAY + hours(1), "DECIDE_EXTENSION", **facts, added={"value": 2, "unit": "work_hour"})
    assert case_clock(history).due_at == due_at


def test_an_extension_in_another_unit_is_no_history() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    history.step(
        MONDAY, "DECIDE_EXTENSION", approved=True, final=True, added={"value": 1, "unit": "work_day"}
    )
    with pytest.raises(ValueError, match="work_day of a limit in work_hour"):
        clocks(history)


def test_an_emergency_takes_the_left_share_and_gives_it_back() -> None:
    history = handled_by(MONDAY, TWO_DAYS)
    history.step(MONDAY + hours(3), "SWITCH_CLOCK", emergency_id="flood", limit=Limit(8, "urgent_hour").row())
    # 3 of 16 hours are used up: 13/16 of 8 hours are left, day and night
    assert case_clock(history).due_at == MONDAY + hours(3 + 6.5)
    history.step(MONDAY + hours(3 + 3.25), "SWITCH_CLOCK", emergency_id=None, limit=TWO_DAYS.row())
    # half of what was left went by: 6.5 of 16 working hours are left from 15:15 on
    assert case_clock(history).due_at == beijing(2026, 11, 17, 11, 45)
    assert case_clock(history).limit == TWO_DAYS


def test_filing_again_under_another_limit_keeps_the_used_share() -> None:
    history = filed(MONDAY, FOUR_HOURS)
    history.step(MONDAY + hours(1), "RETURN_TO_ACCEPTOR", "PENDING_FILING")
    history.step(MONDAY + hours(1), "FILE", "FILED", limit=Limit(8, "work_hour").row(), rules={"clocks": 2})
    assert (case_clock(history).used_s, case_clock(history).budget_s) == (7200, 28800)
    assert case_clock(history).due_at == beijing(2026, 11, 16, 18)
    assert versions_of(history) == {"clocks": 2}


def test_time_merged_is_a_pause_of_all_clocks() -> None:
    history = filed(MONDAY, FOUR_HOURS).step(MONDAY + hours(0.1), "MERGE", "MERGED")
    assert clock_fields(clocks(history))["stage_due_at"] is None
    history.step(MONDAY + hours(24.1), "UNMERGE", "FILED")
    assert stage_clock(history).due_at == MONDAY + hours(24.25)
    assert case_clock(history).due_at == beijing(2026, 11, 17, 15)


def test_a_level_has_its_own_time_and_dispatchers_of_a_level_theirs() -> None:
    history = filed(MONDAY, TWO_DAYS)
    history.step(
        MONDAY + hours(1), "DOWNGRADE", "FILED", level="COMMUNITY", limit=Limit(2, "work_hour").row()
    )
    found = clocks(history)
    assert found.level is not None
    assert (found.level.key, found.level.due_at) == ("COMMUNITY", beijing(2026, 11, 16, 12))
    assert found.stage is not None
    assert (found.stage.name, found.stage.key, found.stage.used_s) == ("DISPATCH", "COMMUNITY", 0)
    history.step(MONDAY + hours(2), "UPGRADE", "FILED", level="STREET", limit=None)
    assert clocks(history).level is None
    assert case_clock(history).used_s == 7200


def test_an_overdue_clock_stays_overdue_through_pauses() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    due_at = beijing(2026, 11, 16, 15)
    history.step(MONDAY + hours(8), "DECIDE_SUSPENSION", "SUSPENDED", approved=True)
    assert case_clock(history).due_at == due_at
    history.step(MONDAY + hours(48), "RESUME", "IN_PROGRESS")
    assert case_clock(history).due_at == due_at
    assert lamp_of(case_clock(history), MONDAY + hours(48)) is Lamp.RED


def test_a_stage_that_is_done_is_kept_with_its_verdict() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    history.step(MONDAY + hours(7), "REPORT_HANDLED", "HANDLED")
    fields = clock_fields(clocks(history))
    assert [(row["name"], row["key"], row["in_time"]) for row in fields["clocks"]["past"]] == [
        ("ACCEPT", "", True), ("DISPATCH", "DISTRICT", True), ("HANDLE", "sanitation", False)]  # fmt: skip
    assert fields["deadline_at"] == beijing(2026, 11, 16, 15)


def test_an_ended_case_keeps_its_due_date_and_nothing_runs() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    history.step(MONDAY + hours(1), "DECIDE_FORCED_CLOSE", "CLOSED")
    found = clocks(history.step(MONDAY + hours(99), "RATE"))
    assert found.stage is None
    assert found.case is not None
    assert (found.case.used_s, found.case.due_at) == (3600, beijing(2026, 11, 16, 15))
    assert lamp_of(found.case, MONDAY + hours(99)) is Lamp.GREEN


def test_lamps_change_after_the_instant_not_at_it() -> None:
    clock = case_clock(handled_by(MONDAY, FOUR_HOURS))
    assert clock.yellow_at == beijing(2026, 11, 16, 14, 12)
    second = timedelta(seconds=1)
    shown = [
        lamp_of(clock, now)
        for now in (MONDAY, beijing(2026, 11, 16, 14, 12), beijing(2026, 11, 16, 14, 12) + second,
                    beijing(2026, 11, 16, 15), beijing(2026, 11, 16, 15) + second)
    ]  # fmt: skip
    assert shown == [Lamp.GREEN, Lamp.GREEN, Lamp.YELLOW, Lamp.YELLOW, Lamp.RED]


def test_a_natural_day_runs_to_midnight_and_a_pause_in_its_last_hours_is_no_loss() -> None:
    history = handled_by(MONDAY, Limit(1, "natural_day"))
    assert case_clock(history).due_at == beijing(2026, 11, 18)
    history.step(beijing(2026, 11, 17, 20), "DECIDE_SUSPENSION", "SUSPENDED", approved=True)
    history.step(beijing(2026, 11, 20, 7), "RESUME", "IN_PROGRESS")
    assert case_clock(history).due_at == beijing(2026, 11, 21)


def test_a_row_that_was_written_by_a_slower_clock_takes_nothing_back() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    history.step(MONDAY - hours(1), "REPORT_HANDLED", "HANDLED")
    assert case_clock(history).used_s == 0
    assert case_clock(history).due_at == beijing(2026, 11, 16, 15)


def test_a_case_from_before_the_clocks_has_none() -> None:
    history = reported(MONDAY).step(MONDAY, "CANCEL", "CANCELLED")
    bare = [{name: value for name, value in row.items() if name != "facts"} for row in history]
    assert clocks_of(bare, PLAIN_STAGE_LIMITS, MEASURES).case is None
    assert NO_CLOCKS["deadline_at"] is None


def test_the_second_step_of_a_case_has_a_time_of_its_own_and_the_first_stays_on_record() -> None:
    history = handled_by(MONDAY, FOUR_HOURS)
    history.step(MONDAY + hours(1), "REPORT_HANDLED", "HANDLED")
    history.step(MONDAY + hours(1), "REQUEST_CHECK", "PENDING_CHECK")
    history.step(MONDAY + hours(2), "PASS_CHECK", "PENDING_CLOSING")
    second = Limit(8, "work_hour").row()
    history.step(MONDAY + hours(2), "FILE_FOLLOW_UP", "FILED", limit=second, follow_up_of="first")
    assert (case_clock(history).used_s, case_clock(history).budget_s) == (0, 28800)
    assert case_clock(history).due_at == beijing(2026, 11, 17, 11)
    assert [(clock.name, clock.used_s, clock.in_time) for clock in clocks(history).past] == [
        ("ACCEPT", 0, True), ("DISPATCH", 0, True), ("HANDLE", 3600, True), ("CHECK", 3600, True),
        ("CASE", 3600, True), ("CLOSE", 0, True),
    ]  # fmt: skip
    history.step(MONDAY + hours(3), "DISPATCH", "DISPATCHED", to_department="sanitation")
    assert (stage_clock(history).used_s, stage_clock(history).budget_s) == (0, 28800)
    assert stage_clock(history).due_at == beijing(2026, 11, 17, 12)  # the same department, a new clock
    assert [clock.name for clock in clocks(history).past].count("HANDLE") == 1
