"""The next step of escalation, walked through days on paper: chatter moves nothing, each step comes once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.clocks.calendar import PlainCalendar
from city_core.cases.clocks.measure import Measures
from city_core.cases.clocks.rules import PLAIN_STAGE_LIMITS
from city_core.cases.clocks.stored import ClockRules, clock_fields_after
from city_core.cases.escalation import DEFAULT, ESCALATION_RULES
from city_core.cases.escalation_work import escalation_of
from tests.hand_clock import beijing

MEASURES = Measures(PlainCalendar())
CLOCK_RULES = ClockRules(PLAIN_STAGE_LIMITS, MEASURES)
RULES = ESCALATION_RULES.compile(DEFAULT)
NINE = beijing(2, 9).astimezone(UTC)
Rows = list[dict[str, Any]]


def row(seq: int, action: str, state: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "seq": seq, "action": action, "to_state": state, "at": at, "facts": {},
        "receiver_department_id": None, **more,
    }  # fmt: skip


def dispatched() -> Rows:
    limit = {"limit": {"value": 4, "unit": "work_hour", "season": None}, "rules": {}}
    rows = [
        row(1, "SUBMIT", "REPORTED", NINE),
        row(2, "ADMIT", "PENDING_FILING", NINE),
        row(3, "FILE", "FILED", NINE, facts=limit),
        row(4, "DISPATCH", "DISPATCHED", NINE, receiver_department_id="d"),
    ]
    for before, after in zip([None, *rows], rows, strict=False):
        after["from_state"] = before and before["to_state"]
    return rows


class Paper:
    """A case on paper, with its pending steps."""

    def __init__(self, history: Rows, holder: str | None = "officer") -> None:
        self.history = history
        self.case: dict[str, Any] = {
            "state": history[-1]["to_state"], "cards": [], "task": {"seq": 4, "assignee_id": holder},
        }  # fmt: skip
        self.pending: Rows = []
        self.look()

    def look(self) -> None:
        fields = clock_fields_after(self.history, CLOCK_RULES)
        planned = escalation_of({**self.case, **fields}, self.history, self.pending, RULES, MEASURES)
        if planned.drops or planned.items:
            self.pending = [item.row() for item in planned.items]
        self.watch = planned.fields

    def add(self, action: str, at: datetime) -> None:
        state = self.case["state"]
        self.history = [
            *self.history, row(len(self.history) + 1, action, state, at, from_state=state),
        ]  # fmt: skip

    def walk(self, chatter: list[datetime], until: datetime) -> list[tuple[str, datetime]]:
        """Let time pass: what is due is done when it is due, people talk in between."""
        done = []
        waiting = sorted(chatter)
        while True:
            due = min((item["due_at"] for item in self.pending), default=until)
            if waiting and waiting[0] < due:
                self.add("URGE", waiting.pop(0))
                self.look()
                continue
            if due >= until:
                return done
            item = min(self.pending, key=lambda found: (found["due_at"], found["key"]))
            done.append((item["key"], due))
            self.case["cards"] = [*self.case["cards"], {**item["input"]}]
            self.pending = [found for found in self.pending if found is not item]
            self.add("ESCALATE", due)
            self.look()


QUIET = Paper(dispatched()).walk([], NINE + timedelta(days=10))


def test_a_quiet_case_goes_up_the_whole_ladder() -> None:
    assert [
        ("escalate:HANDLE:4:3", beijing(2, 14, 12)),
        ("escalate:CASE:3:1", beijing(2, 15)),
        ("escalate:HANDLE:4:4", beijing(2, 15)),
        ("escalate:HANDLE:4:5", beijing(3, 9)),
        ("escalate:HANDLE:4:6", beijing(3, 15)),
        ("escalate:CASE:3:2", beijing(5, 15)),
        ("escalate:HANDLE:4:7", beijing(5, 15)),
    ] == QUIET


@given(st.lists(st.integers(0, 10 * 24 * 3600), max_size=12))
def test_talk_about_a_case_silences_and_doubles_nothing(seconds: list[int]) -> None:
    chatter = [NINE + timedelta(seconds=second) for second in seconds]
    assert Paper(dispatched()).walk(chatter, NINE + timedelta(days=10)) == QUIET


def test_looking_twice_plans_nothing_anew() -> None:
    paper = Paper(dispatched())
    fields = clock_fields_after(paper.history, CLOCK_RULES)
    again = escalation_of({**paper.case, **fields}, paper.history, paper.pending, RULES, MEASURES)
    assert (again.items, again.drops) == ((), frozenset())


def test_an_unassigned_case_has_a_ladder_of_its_own_beside_the_clock() -> None:
    paper = Paper(dispatched(), holder=None)
    assert paper.watch["unassigned_since"] == NINE
    assert [key for key, _ in paper.walk([], NINE + timedelta(hours=7))] == [
        "escalate:HANDLE:4:1", "escalate:HANDLE:4:2", "escalate:HANDLE:4:3",
        "escalate:CASE:3:1", "escalate:HANDLE:4:4",
    ]  # fmt: skip


def test_rework_goes_on_with_the_ladder_of_the_same_department() -> None:
    history = dispatched()
    for action, state, hour in (
        ("ACCEPT", "IN_PROGRESS", 10), ("REPORT_HANDLED", "HANDLED", 11),
        ("REQUEST_CHECK", "PENDING_CHECK", 11), ("FAIL_CHECK", "REWORK", 16),
    ):  # fmt: skip
        before = history[-1]["to_state"]
        history.append(row(len(history) + 1, action, state, beijing(2, hour), from_state=before))
    checking = Paper(history[:-1])
    assert [item["key"] for item in checking.pending] == ["escalate:CHECK:6:3"]
    reworked = Paper(history)
    assert {item["key"]: item["due_at"] for item in reworked.pending} == {
        "escalate:HANDLE:4:3": beijing(2, 17, 12), "escalate:CASE:3:1": beijing(2, 18),
    }  # fmt: skip


def test_the_second_step_of_a_case_is_escalated_anew() -> None:
    limit = {"limit": {"value": 1, "unit": "work_day", "season": None}}
    history = [
        *dispatched(),
        row(5, "REPORT_HANDLED", "HANDLED", NINE, from_state="DISPATCHED"),
        row(6, "REQUEST_CHECK", "PENDING_CHECK", NINE, from_state="HANDLED"),
        row(7, "PASS_CHECK", "PENDING_CLOSING", NINE, from_state="PENDING_CHECK"),
        row(8, "FILE_FOLLOW_UP", "FILED", NINE, from_state="PENDING_CLOSING", facts=limit),
        row(9, "DISPATCH", "DISPATCHED", NINE, from_state="FILED", receiver_department_id="d"),
    ]
    keys = {item["key"].rsplit(":", 1)[0] for item in Paper(history).pending}
    assert keys == {"escalate:HANDLE:9", "escalate:CASE:8"}
