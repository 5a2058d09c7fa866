"""What may be asked for, and who may review it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.cases.requests.approvals import APPROVALS, RequestKind, next_reviewer
from city_core.cases.requests.limits import REQUEST_RULES, Limits
from city_core.cases.requests.rules import (
    granted_time,
    new_request,
    refuse_appeal,
    refuse_extension,
    refuse_late_suspension,
    refuse_officer_elsewhere,
    refuse_second_request,
    refuse_suspension,
    request_to_review,
    reviewed,
    withdrawn,
)
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.tables import read_csv, write_csv
from city_core.people.roles import Actor, Role

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LIMITS = Limits()
OFFICER = Actor("officer-1", Role.OFFICER, department_id="sanitation")
DISPATCHER = Actor("dispatcher-1", Role.DISPATCHER)
SHIFT_LEADER = Actor("leader-of-shift", Role.SHIFT_LEADER)


def case(*requests: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "state": "IN_PROGRESS", "department_id": "sanitation", "deadline_at": NOW + timedelta(hours=4),
        "clocks": {"case": {"limit": {"value": 4, "unit": "work_hour", "season": None}}},
        "requests": list(requests), "closed_at": None, **more,
    }  # fmt: skip


def asked(kind: str = "EXTENSION", state: str = "PENDING", **more: Any) -> dict[str, Any]:
    made = new_request(RequestKind(kind), OFFICER, request_id="r1", reason="雨", now=NOW, given={"value": 1})
    return {**made, "state": state, **more}


def refusal(call: Any, *given: Any, **more: Any) -> tuple[str, str | None]:
    with pytest.raises(CityProblem) as refused:
        call(*given, **more)
    return refused.value.code, refused.value.field


def test_an_extension_is_at_most_one_limit_in_the_unit_of_the_limit() -> None:
    for value in (1, 4):
        refuse_extension(case(), LIMITS, NOW, value, None)
        refuse_extension(case(), LIMITS, NOW, value, "work_hour")
    for value in (0, -1, 5):
        given = (case(), LIMITS, NOW, value, None)
        assert refusal(refuse_extension, *given) == ("EXTENSION_INVALID", "value")
    given = (case(), LIMITS, NOW, 1, "work_day")
    assert refusal(refuse_extension, *given) == ("EXTENSION_INVALID", "unit")


def test_a_clock_that_was_switched_to_another_unit_is_not_extended_in_the_old_one() -> None:
    switched = case(clocks={"case": {"limit": {"value": 2, "unit": "urgent_hour", "season": None}}})
    given = (switched, asked(unit="work_hour"))
    assert refusal(granted_time, *given) == ("EXTENSION_INVALID", "approved")
    refuse_extension(switched, LIMITS, NOW, 2, "urgent_hour")
    assert granted_time(switched, asked(unit="urgent_hour")) == {
        "value": 1, "unit": "urgent_hour", "season": None,
    }  # fmt: skip


def test_an_extension_is_asked_for_until_the_deadline_and_not_after() -> None:
    deadline = case()["deadline_at"]
    refuse_extension(case(), LIMITS, deadline, 1, None)
    late = deadline + timedelta(milliseconds=1)
    assert refusal(refuse_extension, case(), LIMITS, late, 1, None)[0] == "DEADLINE_PASSED"


def test_two_extensions_are_approved_at_most_and_refusals_do_not_count() -> None:
    refused = [asked(state="REFUSED") for _ in range(5)]
    refuse_extension(case(*refused, asked(state="APPROVED")), LIMITS, NOW, 1, None)
    twice = case(*refused, asked(state="APPROVED"), asked(state="APPROVED"))
    assert refusal(refuse_extension, twice, LIMITS, NOW, 1, None)[0] == "REQUEST_USED_UP"


def test_a_suspension_ends_within_a_year_and_is_had_once() -> None:
    year = timedelta(days=365)
    refuse_suspension(case(), LIMITS, NOW, NOW + year)
    for until in (NOW, NOW - year, NOW + year + timedelta(milliseconds=1)):
        problem = refusal(refuse_suspension, case(), LIMITS, NOW, until)
        assert problem == ("SUSPENSION_INVALID", "until")
    refuse_suspension(case(asked("SUSPENSION", "REFUSED")), LIMITS, NOW, NOW + year)
    had = case(asked("SUSPENSION", "APPROVED"))
    assert refusal(refuse_suspension, had, LIMITS, NOW, NOW + year)[0] == "REQUEST_USED_UP"


def test_a_suspension_that_is_over_already_is_not_approved() -> None:
    refuse_late_suspension(asked("SUSPENSION", until=NOW + timedelta(seconds=1)), NOW)
    over = asked("SUSPENSION", until=NOW)
    assert refusal(refuse_late_suspension, over, NOW) == ("SUSPENSION_INVALID", "approved")


def test_an_appeal_comes_within_some_days_and_once() -> None:
    closed = NOW - timedelta(days=7)
    refuse_appeal(case(closed_at=closed), LIMITS, NOW)
    late = case(closed_at=closed - timedelta(milliseconds=1))
    assert refusal(refuse_appeal, late, LIMITS, NOW)[0] == "APPEAL_TOO_LATE"
    refuse_appeal(case(asked("APPEAL", "WITHDRAWN"), closed_at=closed), LIMITS, NOW)
    for state in ("APPROVED", "REFUSED"):
        had = case(asked("APPEAL", state), closed_at=closed)
        assert refusal(refuse_appeal, had, LIMITS, NOW)[0] == "REQUEST_USED_UP"


def test_one_request_of_a_case_waits_at_a_time() -> None:
    refuse_second_request(case(asked(state="REFUSED"), asked(state="WITHDRAWN")))
    assert refusal(refuse_second_request, case(asked("VOID")))[0] == "REQUEST_PENDING"


def test_only_the_handling_department_asks() -> None:
    refuse_officer_elsewhere(case(), OFFICER)
    refuse_officer_elsewhere(case(), DISPATCHER)
    for other in ("water", None):
        stranger = Actor("officer-9", Role.OFFICER, department_id=other)
        assert refusal(refuse_officer_elsewhere, case(), stranger) == ("NOT_ALLOWED", "role")
    assert refusal(refuse_officer_elsewhere, case(department_id=None), OFFICER)[0] == "NOT_ALLOWED"


def test_an_extension_is_reviewed_by_two_posts_one_after_another() -> None:
    request = asked()
    given = (RequestKind.EXTENSION, "r1")
    assert refusal(request_to_review, case(request), SHIFT_LEADER, *given) == ("REVIEW_NOT_YOURS", "role")
    assert request_to_review(case(request), DISPATCHER, *given) == request
    first = reviewed(request, DISPATCHER, approved=True, opinion="", now=NOW)
    assert (first["state"], next_reviewer(first)) == ("PENDING", Role.SHIFT_LEADER)
    assert refusal(request_to_review, case(first), DISPATCHER, *given) == ("REVIEW_NOT_YOURS", "role")
    second = reviewed(first, SHIFT_LEADER, approved=True, opinion="好", now=NOW)
    assert (second["state"], next_reviewer(second)) == ("APPROVED", None)
    assert [review["person_id"] for review in second["reviews"]] == ["dispatcher-1", "leader-of-shift"]
    assert refusal(request_to_review, case(second), SHIFT_LEADER, *given)[0] == "REQUEST_NOT_PENDING"


def test_nobody_reviews_twice_nor_what_they_asked_for_even_after_they_changed_their_post() -> None:
    promoted = Actor(DISPATCHER.person_id, Role.SHIFT_LEADER)
    first = reviewed(asked(), DISPATCHER, approved=True, opinion="", now=NOW)
    given = (RequestKind.EXTENSION, "r1")
    assert refusal(request_to_review, case(first), promoted, *given) == ("REVIEW_NOT_YOURS", None)
    moved = Actor(OFFICER.person_id, Role.DISPATCHER)
    assert refusal(request_to_review, case(asked()), moved, *given) == ("REVIEW_NOT_YOURS", None)


@pytest.mark.parametrize("at", [0, 1])
def test_one_refusal_at_either_level_ends_a_request(at: int) -> None:
    request = asked()
    if at:
        request = reviewed(request, DISPATCHER, approved=True, opinion="", now=NOW)
    ended = reviewed(request, (DISPATCHER, SHIFT_LEADER)[at], approved=False, opinion="不", now=NOW)
    assert (ended["state"], next_reviewer(ended), len(ended["reviews"])) == ("REFUSED", None, at + 1)


def test_a_request_of_another_kind_or_case_is_unknown() -> None:
    given = (case(asked()), DISPATCHER)
    assert refusal(request_to_review, *given, RequestKind.VOID, "r1") == ("REQUEST_UNKNOWN", "requestId")
    assert refusal(request_to_review, *given, RequestKind.EXTENSION, "r2") == ("REQUEST_UNKNOWN", "requestId")


def test_only_its_maker_withdraws_a_request_and_only_while_it_waits() -> None:
    assert withdrawn(case(asked()), OFFICER, "r1")["state"] == "WITHDRAWN"
    assert refusal(withdrawn, case(asked()), DISPATCHER, "r1")[0] == "REQUEST_NOT_YOURS"
    for state in ("APPROVED", "REFUSED", "WITHDRAWN"):
        assert refusal(withdrawn, case(asked(state=state)), OFFICER, "r1")[0] == "REQUEST_NOT_PENDING"


def test_every_kind_has_its_row_with_posts_that_the_loop_lets_decide() -> None:
    assert set(APPROVALS) == set(RequestKind)
    for approval in APPROVALS.values():
        assert approval.reviewers and len(set(approval.reviewers)) == len(approval.reviewers)
        assert approval.lives_in


def test_the_limits_hold_before_anything_is_published_and_go_through_csv() -> None:
    [table] = REQUEST_RULES.tables
    rows = REQUEST_RULES.first_content["limits"]
    assert REQUEST_RULES.compile({"limits": rows}) == Limits(2, 1, 1, 365, 1, 7)
    assert read_csv(table, write_csv(table, rows)).rows == rows
    assert REQUEST_RULES.check({"limits": rows}) == []


def test_a_limit_of_nothing_an_unknown_one_and_a_missing_one_are_named() -> None:
    [table] = REQUEST_RULES.tables
    found = read_csv(table, "name,value\nextensions,0\nholidays,3\nappeals,1\n")
    assert [(fault.row, fault.column) for fault in found.faults] == [(2, "value"), (3, "name")]
    missing = [fault.en for fault in REQUEST_RULES.check({"limits": found.rows})]
    assert missing == [
        f"{name} is missing"
        for name in ("extensions", "extension_limits", "suspensions", "suspension_days", "appeal_days")
    ]
