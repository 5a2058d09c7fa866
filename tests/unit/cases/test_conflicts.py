"""What has changed of a case since a person saw it, and whether it matters to their step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.conflicts import changed_fields, conflicts, refuse_conflict
from city_core.cases.workflow import Action, State
from city_core.kit.conflicts import CommandConflict
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role

OFFICER = Actor("officer-1", Role.OFFICER, department_id="sanitation")


def step(seq: int, who: str, to: str, *changed: str) -> dict[str, Any]:
    return {"seq": seq, "person_id": who, "to_state": to, "changed": list(changed)}


def case(*history: dict[str, Any], holder: str | None = "officer-1") -> dict[str, Any]:
    return {
        "version": len(history), "state": history[-1]["to_state"], "history": list(history),
        "department_id": "sanitation", "task": {"assignee_id": holder},
    }  # fmt: skip


DISPATCHED = (step(1, "citizen-1", "REPORTED"), step(2, "system", "DISPATCHED", "department", "task"))


def test_an_old_base_is_no_conflict_when_nothing_that_matters_has_changed() -> None:
    now = case(*DISPATCHED, step(3, "citizen-1", "DISPATCHED"), step(4, "system", "DISPATCHED", "deadlineAt"))
    assert conflicts(now, OFFICER, Action.ACCEPT, 2) == ()
    assert conflicts(now, OFFICER, Action.REQUEST_EXTENSION, 2) == ("deadlineAt",)


def test_a_task_that_went_to_somebody_else_and_another_type_are_named() -> None:
    now = case(*DISPATCHED, step(3, "dispatcher-1", "DISPATCHED", "task", "type"), holder="officer-2")
    assert conflicts(now, OFFICER, Action.ACCEPT, 2) == ("type", "task")
    assert conflicts(now, OFFICER, Action.RETURN, 2) == ("task",)


def test_what_the_person_did_meanwhile_is_no_news_to_them() -> None:
    now = case(*DISPATCHED, step(3, "officer-1", "IN_PROGRESS", "task"))
    assert conflicts(now, OFFICER, Action.REPORT_HANDLED, 2) == ()


def test_a_state_that_others_changed_matters_to_a_step_of_the_loop() -> None:
    now = case(*DISPATCHED, step(3, "system", "FILED", "department", "task"), holder=None)
    assert conflicts(now, OFFICER, Action.ACCEPT, 2) == ("state", "task")


def test_a_withdrawal_conflicts_only_where_the_table_has_no_place_for_it_any_more() -> None:
    citizen = Actor("citizen-1", Role.CITIZEN)
    filed = (step(1, "citizen-1", "REPORTED"), step(2, "system", "PENDING_FILING"))
    assert conflicts(case(*filed), citizen, Action.CANCEL, 1) == ()
    assert conflicts(case(*filed, step(3, "system", "FILED")), citizen, Action.CANCEL, 1) == ("state",)


def test_a_version_that_is_not_there_is_refused_and_no_base_compares_nothing() -> None:
    now = case(*DISPATCHED)
    for base in (0, -1, 3):
        with pytest.raises(CityProblem) as refused:
            refuse_conflict(now, OFFICER, Action.ACCEPT, base)
        assert (refused.value.code, refused.value.field) == ("BASE_VERSION_UNKNOWN", "baseVersion")
    refuse_conflict(case(*DISPATCHED, step(3, "system", "FILED")), OFFICER, Action.ACCEPT, None)


def test_a_conflict_tells_the_fields_and_where_the_case_stands() -> None:
    with pytest.raises(CommandConflict) as refused:
        refuse_conflict(case(*DISPATCHED, step(3, "system", "FILED")), OFFICER, Action.ACCEPT, 2)
    assert (refused.value.fields, refused.value.version, refused.value.state) == (("state",), 3, "FILED")


_CHANGES = st.sampled_from(["type", "condition", "department", "task", "level", "deadlineAt"])
_STEPS = st.lists(st.tuples(st.sampled_from(sorted(State)), st.frozensets(_CHANGES)), max_size=5)


@given(_STEPS, st.sampled_from([Action.ADD_PHOTOS, Action.JOIN, Action.ANSWER_AS_ASSISTANT]))
def test_notes_and_photos_never_conflict(steps: list[Any], action: Action) -> None:
    news = [step(number, "x", state, *changed) for number, (state, changed) in enumerate(steps, 3)]
    assert conflicts(case(*DISPATCHED, *news, holder=None), OFFICER, action, 2) == ()


@given(_STEPS, st.sampled_from(sorted(Action)))
def test_the_newest_base_never_conflicts(steps: list[Any], action: Action) -> None:
    news = [step(number, "x", state, *changed) for number, (state, changed) in enumerate(steps, 3)]
    now = case(*DISPATCHED, *news)
    assert conflicts(now, OFFICER, action, now["version"]) == ()


def test_a_step_writes_down_what_it_changed_of_what_phones_see() -> None:
    before = {"type_code": "E1", "department_id": None, "task": None, "level": "DISTRICT"}
    after = {**before, "department_id": "sanitation", "task": {"assignee_id": "officer-1"}, "rating": 5}
    assert changed_fields(before, after) == ["department", "task"]
