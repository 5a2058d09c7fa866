"""Supervision, receipts, duty and the list to watch over GraphQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.accept import accept_task
from tests.api.support import Api, new_uuid, operation
from tests.audit_entries import verbs_on_record
from tests.village import STREET
from tests.work_by_hand import command, do_due_work, stored


@pytest.fixture
async def dispatched(api: Api) -> Any:
    """A case with an officer, who has accepted it."""
    case = await api.report("inspector-1")
    await do_due_work(api.city)
    case = await stored(api.city, case)
    await accept_task(api.city, api.people[case["task"]["assignee_id"]], case["_id"], command())
    yield await stored(api.city, case)
    for name in ("shifts", "shift_plans", "absences"):
        await api.city.database[name].delete_many({})


def press(case: Any, text: str = "今日务必办结") -> dict[str, Any]:
    return {"clientId": new_uuid(), "caseId": case["_id"], "text": text}


async def test_a_supervision_reaches_the_holder_and_comes_back_confirmed(api: Api, dispatched: Any) -> None:
    holder, given = dispatched["task"]["assignee_id"], press(dispatched)
    first = await api.do("leader-1", "seat", "SuperviseCase", input=given)
    again = await api.do("leader-1", "seat", "SuperviseCase", input=given)
    assert first == again
    [row] = first["supervisions"]
    assert (row["kind"], row["text"], row["byName"], row["toName"], row["confirmedAt"]) == (
        "SUPERVISE", "今日务必办结", "leader-1", holder, None,
    )  # fmt: skip
    await do_due_work(api.city)
    inbox = await api.do(holder, "officer", "Inbox")
    assert inbox["nodes"][0]["text"] == "督办：领导督办了一件案件，请签收。"
    [waits] = (await api.do(holder, "officer", "SupervisionsOpen", toMe=True))["nodes"]
    assert (waits["caseId"], waits["supervision"]["id"]) == (dispatched["_id"], row["id"])
    receipt = {"clientId": new_uuid(), "caseId": dispatched["_id"], "supervisionId": row["id"]}
    confirmed = await api.do(holder, "officer", "ConfirmSupervision", input=receipt)
    assert confirmed["supervisions"][0]["confirmedAt"] is not None
    assert (await api.do("leader-1", "seat", "SupervisionsOpen"))["nodes"] == []
    once_more = {**receipt, "clientId": new_uuid()}
    refused = await api.do(holder, "officer", "ConfirmSupervision", input=once_more)
    assert refused["code"] == "SUPERVISION_UNKNOWN" and refused["allowed"]


async def test_open_ones_come_a_page_at_a_time(api: Api, dispatched: Any) -> None:
    for number in range(3):
        await api.do("dispatcher-1", "seat", "UrgeCase", input=press(dispatched, f"第{number}次"))
    first = await api.do("dispatcher-1", "seat", "SupervisionsOpen", first=2)
    assert [row["supervision"]["text"] for row in first["nodes"]] == ["第2次", "第1次"]
    after = first["pageInfo"]["endCursor"]
    second = await api.do("dispatcher-1", "seat", "SupervisionsOpen", first=2, after=after)
    assert [row["supervision"]["text"] for row in second["nodes"]] == ["第0次"]
    assert second["pageInfo"]["hasNextPage"] is False


async def test_citizens_read_nothing_of_what_goes_on_between_the_posts(api: Api, dispatched: Any) -> None:
    await api.do("leader-1", "seat", "SuperviseCase", input=press(dispatched))
    card = {
        "clock": "HANDLE", "entered_seq": 4, "step": 3, "kind": "WARNING", "told": ["officer-1"],
        "at": api.city.clock.now(),
    }  # fmt: skip
    changed = {"$set": {"cards": [card]}, "$push": {"people_involved": "citizen-1"}}
    await api.city.database.cases.update_one({"_id": dispatched["_id"]}, changed)
    query = """query($id: ID!) { case(id: $id) {
      cards { kind title clock step told } supervisions { text } history { action reason } } }"""
    seen = {}
    for who in ("citizen-1", "leader-of-shift", "inspector-1"):
        seen[who] = (await api.ask(query, {"id": dispatched["_id"]}, who))["data"]["case"]
    assert (seen["citizen-1"]["cards"], seen["citizen-1"]["supervisions"]) == ([], [])
    assert "SUPERVISE" not in {row["action"] for row in seen["citizen-1"]["history"]}
    assert seen["leader-of-shift"]["supervisions"] == [{"text": "今日务必办结"}]
    assert seen["leader-of-shift"]["cards"] == [
        {"kind": "WARNING", "title": "预警", "clock": "HANDLE", "step": 3, "told": ["officer-1"]}
    ]
    assert seen["inspector-1"]["supervisions"] == []


async def test_the_list_to_watch_over_graphql(api: Api, dispatched: Any) -> None:
    assert (await api.do("leader-1", "seat", "CasesToWatch"))["nodes"] == []
    past = api.city.clock.now() - timedelta(minutes=5)
    await api.city.database.cases.update_one(
        {"_id": dispatched["_id"]}, {"$set": {"red_at": past, "yellow_at": past}}
    )
    [row] = (await api.do("leader-1", "seat", "CasesToWatch", watch="RED"))["nodes"]
    assert (row["watch"], row["case"]["id"]) == ("RED", dispatched["_id"])
    refused = await api.ask(operation("seat", "CasesToWatch"), {}, "officer-1")
    assert refused["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_shifts_and_absences_over_graphql(api: Api, dispatched: Any) -> None:
    now = api.city.clock.now()
    start, end = now.isoformat(), (now + timedelta(hours=6)).isoformat()
    plan = {
        "clientId": new_uuid(), "personId": "officer-1", "startsAt": start, "endsAt": end,
        "shifts": [{"startsAt": start, "endsAt": end}],
    }  # fmt: skip
    planned = await api.do("leader-of-shift", "seat", "PlanShifts", input=plan)
    assert planned == await api.do("leader-of-shift", "seat", "PlanShifts", input=plan)
    assert await verbs_on_record(api.city, "leader-of-shift") == ["DUTY_CHANGED"]
    assert await api.do("officer-1", "officer", "Shifts") == planned["shifts"]
    on_duty = await api.do("inspector-1", "inspector", "WhoIsOnDuty", streetCode=STREET)
    ends = {row["id"]: row["shiftEndsAt"] for row in on_duty}
    assert ends["officer-1"] is not None and ends["officer-2"] is None
    assert "citizen-1" not in ends and "inspector-far" not in ends
    absence = {
        "clientId": new_uuid(), "startsAt": start, "endsAt": end, "reason": "病假", "deputyId": "officer-2",
    }  # fmt: skip
    absent = await api.do("officer-1", "officer", "SetAbsence", input=absence)
    assert (absent["personId"], absent["deputyName"]) == ("officer-1", "officer-2")
    assert await api.do("dispatcher-1", "seat", "Absences", personId="officer-1") == [
        {name: absent[name] for name in absent if name != "__typename"}
    ]
    on_duty = await api.do("leader-1", "seat", "WhoIsOnDuty", streetCode=STREET)
    assert "officer-1" not in {row["id"] for row in on_duty}
    ended = await api.do("officer-1", "officer", "EndAbsence", input={"absenceId": absent["id"]})
    assert ended["endedAt"] is not None
    assert await verbs_on_record(api.city, "officer-1") == []  # for oneself


@pytest.mark.parametrize(
    ("who", "given", "code"),
    [
        ("citizen-1", {"streetCode": STREET}, "NOT_ALLOWED"),
        ("leader-1", {"streetCode": "370303009"}, "NOT_ALLOWED"),
        ("leader-1", {"streetCode": STREET, "at": "2026-03-02T08:00:00"}, "REQUEST_INVALID"),
    ],
)
async def test_who_is_on_duty_is_for_the_staff_of_the_street(
    api: Api, who: str, given: dict[str, Any], code: str
) -> None:
    answer = await api.ask(operation("seat", "WhoIsOnDuty"), given, who)
    assert answer["errors"][0]["extensions"]["code"] == code


async def test_an_absence_of_somebody_elses_is_refused_over_graphql(api: Api, dispatched: Any) -> None:
    now = api.city.clock.now()
    given = {
        "clientId": new_uuid(), "personId": "officer-2", "reason": "x",
        "startsAt": now.isoformat(), "endsAt": (now + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    refused = await api.do("officer-1", "officer", "SetAbsence", input=given)
    assert (refused["code"], refused["field"]) == ("NOT_ALLOWED", "personId")
    assert await api.city.database.absences.count_documents({}) == 0
