"""Repeated and queued commands over the API, by the operations of the contract."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.api.support import Api, new_uuid
from tests.api.test_loop_over_graphql import do_all_work
from tests.village import INSIDE

DEVICE = "a-phone-of-tests"
_POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 6.5}


def report(text: str = "墙边有垃圾", client_id: str | None = None) -> dict[str, Any]:
    return {"clientId": client_id or new_uuid(), "point": _POINT, "description": text, "typeCode": "E0110"}


def queued(sequence: int, name: str, given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"clientId": given["clientId"], "deviceSequence": sequence, "do": {name: given}, **more}


async def run(api: Api, who: str, app: str, *commands: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    batch = {"deviceId": DEVICE, "commands": list(commands), **more}
    answer = await api.do(who, app, "RunCommands", input=batch)
    assert answer["__typename"] == "CommandOutcomes", answer
    outcomes: list[dict[str, Any]] = answer["outcomes"]
    return outcomes


async def dispatched(api: Api) -> dict[str, Any]:
    """Have an inspector's report filed and dispatched by rule."""
    await api.report("inspector-1")
    await api.city.database.cases.update_one(
        {},
        {"$set": {"work.$[triage].due_at": api.city.clock.now()}},
        array_filters=[{"triage.kind": "triage"}],
    )
    await do_all_work(api)
    case: dict[str, Any] | None = await api.city.database.cases.find_one({})
    assert case is not None and case["state"] == "DISPATCHED"
    return case


async def test_a_refusal_is_repeated_word_by_word_though_the_case_has_moved_on(api: Api) -> None:
    case = await api.report()
    given = {"clientId": new_uuid(), "caseId": case["_id"], "opinion": "看过"}
    first = await api.do("leader-of-shift", "seat", "CloseCase", input=given)
    assert first["code"] == "STEP_NOT_POSSIBLE"
    await api.city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"state": "PENDING_CLOSING"}})
    assert await api.do("leader-of-shift", "seat", "CloseCase", input=given) == first


async def test_a_success_is_repeated_as_the_case_is_now_and_another_input_is_refused(api: Api) -> None:
    given = report()
    first = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
    await api.city.database.cases.update_one({"_id": first["id"]}, {"$set": {"state": "PENDING_FILING"}})
    later = {**given, "deviceTime": "2026-11-20T08:00:00+08:00", "baseVersion": 1}
    again = await api.do("citizen-1", "citizen", "SubmitReport", input=later)
    assert (again["id"], again["state"]) == (first["id"], "PENDING_FILING")
    other = await api.do("citizen-1", "citizen", "SubmitReport", input={**given, "typeCode": "E0120"})
    assert other["code"] == "COMMAND_REUSED"
    own = await api.do("citizen-2", "citizen", "SubmitReport", input=given)
    assert own["id"] != first["id"]


async def test_a_phone_that_believes_in_another_century_is_heard(api: Api) -> None:
    for sent_at, skew_ms in (
        ("1970-01-01T08:00:00+08:00", 2**31 - 1),
        ("2190-01-01T08:00:00+08:00", 1 - 2**31),
    ):
        given = report()
        [outcome] = await run(
            api, "citizen-1", "citizen", queued(1, "submitReport", given), deviceTime=sent_at
        )
        assert outcome["clockSkewMs"] == skew_ms


async def test_a_late_repetition_does_not_undo_what_was_done_after_it(api: Api) -> None:
    def address(number: int) -> dict[str, Any]:
        given = {"deviceId": DEVICE, "addressKind": "TOKEN", "platform": "android", "clientId": new_uuid()}
        return {**given, "address": f"push-token-{number}"}

    first, drop, second = address(1), {"deviceId": DEVICE, "clientId": new_uuid()}, address(2)
    steps = [("RegisterDevice", first), ("DropDevice", drop), ("RegisterDevice", second)]
    for name, given in [*steps, *steps[:2]]:
        assert await api.do("officer-1", "officer", name, input=given) == {"__typename": "Done", "ok": True}
    [device] = await api.city.database.devices.find({"_id": DEVICE}).to_list(None)
    assert device["address"] == "push-token-2"
    await api.city.database.devices.delete_many({})


async def test_nobodys_command_is_not_logged(api: Api) -> None:
    given = report()
    refused = await api.do(None, "citizen", "SubmitReport", input=given)
    assert refused["code"] == "SIGN_IN_REQUIRED"
    done = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
    assert done["__typename"] == "Case"


async def test_inputs_that_had_no_client_id_work_without_and_are_logged_with_one(api: Api) -> None:
    given = {
        "deviceId": "device-of-tests",
        "addressKind": "TOKEN",
        "address": "t" * 20,
        "platform": "android",
    }
    assert (await api.do("citizen-1", "citizen", "RegisterDevice", input=given))["ok"]
    assert await api.city.database.command_log.count_documents({}) == 0
    with_id = {**given, "clientId": new_uuid(), "deviceTime": "2026-11-20T08:00:00+08:00"}
    for _ in range(2):
        assert (await api.do("citizen-1", "citizen", "RegisterDevice", input=with_id))["ok"]
    [row] = await api.city.database.command_log.find({}).to_list(2)
    assert (row["name"], row["outcome"]["status"]) == ("register_device", "APPLIED")
    unknown = {"clientId": new_uuid(), "messageId": "none"}
    told = [await api.do("citizen-1", "citizen", "MarkRead", input=unknown) for _ in range(2)]
    assert told[0]["code"] == "MESSAGE_UNKNOWN" and told[0] == told[1]


async def test_a_day_offline_is_handed_over_in_one_request(api: Api) -> None:
    case = await dispatched(api)
    officer, base = case["task"]["assignee_id"], case["version"]
    on_case = {"caseId": case["_id"]}
    accept = {"clientId": new_uuid(), **on_case}
    handled = {"clientId": new_uuid(), **on_case, "opinion": "已清理", "mediaIds": [new_uuid()]}
    wrong = {"clientId": new_uuid(), **on_case, "opinion": "不是我们的"}
    now = api.city.clock.now()
    made = now - timedelta(hours=3)
    batch = [
        queued(1, "acceptTask", accept, baseVersion=base, deviceTime=made.isoformat()),
        queued(2, "reportHandled", handled, baseVersion=base),
        queued(3, "returnTask", wrong),
    ]
    sent = {"deviceTime": (now - timedelta(minutes=30)).isoformat()}
    outcomes = await run(api, officer, "officer", *batch, **sent)
    assert [one["status"] for one in outcomes] == ["APPLIED", "APPLIED", "REJECTED"]
    assert [one["caseVersion"] for one in outcomes] == [base + 1, base + 2, None]
    assert outcomes[2]["problem"]["code"] == "STEP_NOT_POSSIBLE"
    assert {one["case"]["state"] for one in outcomes} == {"HANDLED"}
    assert abs(outcomes[0]["clockSkewMs"] - 1_800_000) < 60_000
    again = await run(api, officer, "officer", *batch, **sent)
    assert [one["status"] for one in again] == ["DUPLICATE", "DUPLICATE", "REJECTED"]
    assert again[2]["problem"] == outcomes[2]["problem"]
    alone = await api.do(officer, "officer", "AcceptTask", input=accept)  # the same command, by itself
    assert (alone["__typename"], alone["id"]) == ("Case", case["_id"])


async def test_a_conflict_names_what_changed_and_shows_the_case_as_it_is(api: Api) -> None:
    case = await dispatched(api)
    officer, base = case["task"]["assignee_id"], case["version"]
    [other] = {"officer-1", "officer-2"} - {officer}
    given = {"clientId": new_uuid(), "caseId": case["_id"], "officerId": other, "opinion": "改派"}
    assert (await api.do("dispatcher-1", "seat", "DispatchCase", input=given))["__typename"] == "Case"
    accept = {"clientId": new_uuid(), "caseId": case["_id"]}
    [outcome] = await run(api, officer, "officer", queued(1, "acceptTask", accept, baseVersion=base))
    assert (outcome["status"], outcome["problem"]["code"]) == ("CONFLICT", "COMMAND_CONFLICT")
    assert outcome["problem"]["changedFields"] == ["task"]
    assert outcome["problem"]["currentVersion"] == outcome["case"]["version"] == base + 1
    assert outcome["problem"]["currentState"] == outcome["case"]["state"] == "DISPATCHED"
    alone = {"clientId": new_uuid(), "caseId": case["_id"], "baseVersion": base}
    problem = await api.do(officer, "officer", "AcceptTask", input=alone)
    assert (problem["code"], problem["retryable"]) == ("COMMAND_CONFLICT", False)


async def test_a_phone_without_an_answer_asks_what_became_of_its_own_commands(api: Api) -> None:
    one, early = report("一"), report("二")
    await run(api, "citizen-1", "citizen", queued(1, "submitReport", one), queued(3, "submitReport", early))
    ids = [early["clientId"], new_uuid(), one["clientId"]]
    asked = await api.do("citizen-1", "citizen", "CommandOutcomes", clientIds=ids)
    assert [row["status"] for row in asked] == ["HELD", "UNKNOWN", "APPLIED"]
    assert [row["clientId"] for row in asked] == ids
    assert asked[2]["case"]["state"] == "REPORTED"
    others = await api.do("citizen-2", "citizen", "CommandOutcomes", clientIds=ids)
    assert {row["status"] for row in others} == {"UNKNOWN"}


async def test_a_queued_command_is_exactly_one_and_has_one_id(api: Api) -> None:
    one = report()
    other = {**queued(1, "submitReport", one), "clientId": new_uuid()}
    [outcome] = await run(api, "citizen-1", "citizen", other)
    assert (outcome["status"], outcome["problem"]["code"]) == ("REJECTED", "COMMAND_BATCH_INVALID")
    two = {**queued(1, "submitReport", one), "do": {"submitReport": one, "addPhotos": None}}
    query = "mutation($i: RunCommandsInput!) { runCommands(input: $i) { __typename } }"
    answer = await api.ask(query, {"i": {"deviceId": DEVICE, "commands": [two]}}, "citizen-1")
    assert answer["errors"][0]["extensions"]["code"] == "REQUEST_INVALID"
    refused = await api.do("citizen-1", "citizen", "RunCommands", input={"deviceId": DEVICE, "commands": []})
    assert refused["code"] == "COMMAND_BATCH_INVALID"
    refused = await api.do(None, "citizen", "RunCommands", input={"deviceId": DEVICE, "commands": [other]})
    assert refused["code"] == "SIGN_IN_REQUIRED"
