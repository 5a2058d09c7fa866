"""Who is told about a step."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.cases.notices import Notice, NoticeKind, notices_of
from city_core.cases.workflow import Action


def case(source: str = "INSPECTOR", assignee: str | None = None, seq: int = 1) -> dict[str, Any]:
    task = {"assignee_id": assignee, "seq": seq} if assignee else None
    return {"source": source, "reporter_id": "reporter", "task": task}


def test_a_new_task_is_told_to_whoever_got_it() -> None:
    told = notices_of(case(), case(assignee="officer", seq=4), Action.DISPATCH)
    assert told == [Notice("officer", NoticeKind.TASK_ASSIGNED)]


def test_a_task_that_goes_to_somebody_else_is_told_to_both() -> None:
    told = notices_of(case(assignee="first", seq=4), case(assignee="second", seq=6), Action.DISPATCH)
    assert told == [Notice("second", NoticeKind.TASK_ASSIGNED), Notice("first", NoticeKind.TASK_WITHDRAWN)]


def test_the_same_task_is_not_told_again() -> None:
    assert notices_of(case(assignee="officer"), case(assignee="officer"), Action.ACCEPT) == []


def test_rework_is_a_new_task_for_the_same_officer() -> None:
    told = notices_of(case(), case(assignee="officer", seq=9), Action.FAIL_CHECK)
    assert told == [Notice("officer", NoticeKind.TASK_ASSIGNED)]


_MOVES_ON = {
    Action.REQUEST_VERIFICATION, Action.ADMIT, Action.VERIFY, Action.FILE, Action.REJECT, Action.CANCEL,
    Action.FILE_FOLLOW_UP,
    Action.DISPATCH, Action.RETURN, Action.DECIDE_DEPARTMENT, Action.ACCEPT, Action.REPORT_HANDLED,
    Action.REQUEST_CHECK, Action.PASS_CHECK, Action.FAIL_CHECK, Action.SEND_BACK, Action.CLOSE, Action.RATE,
    Action.RESUME, Action.MERGE, Action.UNMERGE,
}  # fmt: skip


@pytest.mark.parametrize("action", list(Action))
def test_a_citizen_hears_how_the_case_moves_on_and_not_what_the_posts_ask_of_each_other(
    action: Action,
) -> None:
    told = notices_of(case("CITIZEN"), case("CITIZEN"), action)
    assert told == ([Notice("reporter", NoticeKind.CASE_PROGRESS)] if action in _MOVES_ON else [])
    assert notices_of(case("INSPECTOR"), case("INSPECTOR"), action) == []


def test_a_citizen_hears_of_a_request_only_when_it_ends_the_case() -> None:
    before = {**case("CITIZEN"), "state": "FILED"}
    stays = notices_of(before, before, Action.DECIDE_VOID)
    ends = notices_of(before, {**before, "state": "VOID"}, Action.DECIDE_VOID)
    assert (stays, ends) == ([], [Notice("reporter", NoticeKind.CASE_PROGRESS)])


def asking(state: str) -> dict[str, Any]:
    return {**case(), "requests": [{"id": "r1", "asked_by": "officer", "state": state}]}


@pytest.mark.parametrize("outcome", ["APPROVED", "REFUSED", "WITHDRAWN"])
def test_whoever_asked_hears_what_became_of_it(outcome: str) -> None:
    told = notices_of(asking("PENDING"), asking(outcome), Action.REPORT_HANDLED)
    assert told == [Notice("officer", NoticeKind.REQUEST_DECIDED)]
    assert notices_of(asking(outcome), asking(outcome), Action.RETURN) == []
    assert notices_of(asking("PENDING"), asking("PENDING"), Action.ACCEPT) == []


def test_whoever_withdraws_a_request_is_not_told_so() -> None:
    assert notices_of(asking("PENDING"), asking("WITHDRAWN"), Action.WITHDRAW_REQUEST) == []
