"""Answers, rungs and preferences as phones have them."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.cases.accept import accept_task
from tests.api.support import Api, new_uuid
from tests.work_by_hand import command, do_due_work, stored


@pytest.fixture
async def message(api: Api) -> Any:
    """The message that tells an officer of a task."""
    await api.city.database.notification_preferences.delete_many({})
    await api.report("inspector-1")
    await do_due_work(api.city)
    [found] = await api.city.database.inbox_messages.find({"kind": "TASK_ASSIGNED"}).to_list(None)
    return found


async def test_a_phone_acknowledges_step_by_step(api: Api, message: Any) -> None:
    who = message["person_id"]
    [told] = (await api.do(who, "officer", "Inbox"))["nodes"]
    assert (told["asksForAnswer"], told["acknowledgement"]) == (True, None)
    for state in ("DELIVERED", "READ"):
        given = {"messageId": message["_id"], "state": state, "clientId": new_uuid()}
        done = await api.do(who, "officer", "AcknowledgeMessage", input=given)
        assert done["acknowledgement"] == state
    assert [row["action"] for row in done["rungs"]] == ["PUSH"]
    refusal = {"messageId": message["_id"], "state": "REFUSED", "clientId": new_uuid()}
    refused = await api.do(who, "officer", "AcknowledgeMessage", input=refusal)
    assert (refused["code"], refused["field"]) == ("TEXT_INVALID", "reason")
    at = "2026-03-03T09:00:00+08:00"
    given = {**refusal, "clientId": new_uuid(), "reason": "车坏了", "deviceTime": at}
    done = await api.do(who, "officer", "AcknowledgeMessage", input=given)
    assert await api.do(who, "officer", "AcknowledgeMessage", input=given) == done
    last = done["acknowledgements"][-1]
    assert (last["state"], last["reason"], last["deviceTime"]) == (
        "REFUSED", "车坏了", "2026-03-03T01:00:00+00:00",
    )  # fmt: skip


async def test_somebody_elses_message_does_not_exist(api: Api, message: Any) -> None:
    given = {"messageId": message["_id"], "state": "ACCEPTED"}
    refused = await api.do("inspector-1", "inspector", "AcknowledgeMessage", input=given)
    assert refused["code"] == "MESSAGE_UNKNOWN" and refused["retryable"] is False


async def test_a_task_that_was_accepted_shows_as_accepted(api: Api, message: Any) -> None:
    case = await stored(api.city, {"_id": message["case_id"]})
    await accept_task(api.city, api.people[message["person_id"]], case["_id"], command())
    await do_due_work(api.city)
    [told] = (await api.do(message["person_id"], "officer", "Inbox"))["nodes"]
    assert told["acknowledgement"] == "ACCEPTED" and told["readAt"] is not None


async def test_preferences_are_read_set_and_refused(api: Api, message: Any) -> None:
    who = message["person_id"]
    first = await api.do(who, "officer", "NotificationPreferences")
    assert (first["quietFrom"], first["mutedKinds"], first["language"]) == (None, [], None)
    assert "CASE_PROGRESS" in first["mayBeMuted"] and "TASK_ASSIGNED" not in first["mayBeMuted"]
    given = {
        "clientId": new_uuid(), "quietFrom": "22:00", "quietTo": "06:30", "language": "en",
        "mutedKinds": ["CASE_PROGRESS"],
    }  # fmt: skip
    done = await api.do(who, "officer", "SetNotificationPreferences", input=given)
    assert (done["quietFrom"], done["quietTo"], done["mutedKinds"]) == ("22:00", "06:30", ["CASE_PROGRESS"])
    assert (await api.do(who, "officer", "NotificationPreferences"))["language"] == "en"
    bad = {**given, "clientId": new_uuid(), "mutedKinds": ["TASK_ASSIGNED"]}
    refused = await api.do(who, "officer", "SetNotificationPreferences", input=bad)
    assert (refused["code"], refused["field"]) == ("PREFERENCES_INVALID", "mutedKinds")
    assert (await api.do("officer-other", "officer", "NotificationPreferences"))["quietFrom"] is None
