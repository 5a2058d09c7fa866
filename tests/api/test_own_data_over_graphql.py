"""One's own data over HTTP: a copy is asked for and fetched, a deletion withdrawn, the notice agreed to."""

from __future__ import annotations

import io
import secrets
import zipfile
from typing import Any

import pytest

from tests.api.support import Api, new_uuid, operation
from tests.work_by_hand import do_due_work


@pytest.fixture
async def citizen(api: Api) -> Any:
    """A citizen with a report; what they asked about their data goes afterwards."""
    await api.report("citizen-1")
    yield "citizen-1"
    for name in ("data_requests", "privacy_agreements", "data_copies.files", "data_copies.chunks"):
        await api.city.database[name].delete_many({})


async def test_a_copy_is_fetched_by_its_owner_alone(api: Api, citizen: str) -> None:
    given = {"clientId": new_uuid()}
    asked = await api.do(citizen, "citizen", "RequestMyData", input=given)
    assert (asked["kind"], asked["state"], asked["fileUrl"]) == ("COPY", "WAITING", None)
    assert await api.do(citizen, "citizen", "RequestMyData", input=given) == asked
    await do_due_work(api.city)
    [ready] = await api.do(citizen, "citizen", "MyDataRequests")
    assert (ready["state"], ready["fileUrl"]) == ("READY", f"/my-data/{asked['id']}.zip")
    answer = await api.http.get(ready["fileUrl"], headers=await api.headers(citizen))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["cache-control"] == "private, no-store"
    assert len(answer.content) == ready["fileBytes"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert "垃圾" in packed.read("data.json").decode()
    nobody = await api.http.get(ready["fileUrl"])
    other = await api.http.get(ready["fileUrl"], headers=await api.headers("citizen-2"))
    unknown = await api.http.get(f"/my-data/{new_uuid()}.zip", headers=await api.headers("citizen-2"))
    assert (nobody.status_code, other.status_code, unknown.status_code) == (401, 404, 404)
    assert other.json() == unknown.json()
    staff = await api.do("officer-1", "citizen", "RequestMyData", input={"clientId": new_uuid()})
    assert (staff["code"], staff["field"]) == ("NOT_ALLOWED", "role")


async def test_copies_are_three_a_day(api: Api, citizen: str) -> None:
    for _ in range(3):
        assert "id" in await api.do(citizen, "citizen", "RequestMyData", input={"clientId": new_uuid()})
        await do_due_work(api.city)
    refused = await api.do(citizen, "citizen", "RequestMyData", input={"clientId": new_uuid()})
    assert refused["code"] == "TOO_MANY_TRIES"


async def test_a_deletion_waits_and_is_withdrawn(api: Api, citizen: str) -> None:
    asked = await api.do(citizen, "citizen", "DeleteMyAccount", input={"clientId": new_uuid()})
    assert (asked["kind"], asked["state"]) == ("DELETION", "WAITING")
    await do_due_work(api.city)
    kept = await api.do(citizen, "citizen", "WithdrawAccountDeletion", input={"clientId": new_uuid()})
    assert (kept["id"], kept["state"]) == (asked["id"], "WITHDRAWN")
    none = await api.do("citizen-2", "citizen", "WithdrawAccountDeletion", input={"clientId": new_uuid()})
    assert none["code"] == "DATA_REQUEST_UNKNOWN"


async def test_the_notice_is_read_by_anybody_and_agreed_to_once(api: Api, citizen: str) -> None:
    notice = await api.do(None, "citizen", "PrivacyNotice")
    assert "匿名" in notice["text"]
    assert notice["purposes"][0]["code"] == "SIGN_IN"
    english = await api.ask(
        operation("citizen", "PrivacyNotice"), {"version": 1}, **{"accept-language": "en"}
    )
    assert "without a name" in english["data"]["privacyNotice"]["text"]
    assert (await api.do(citizen, "citizen", "PrivacyNoticeDue"))["privacyNoticeDue"] is True
    wrong = await api.do(citizen, "citizen", "AgreeToPrivacy", input={"clientId": new_uuid(), "version": 99})
    assert (wrong["code"], wrong["allowed"]) == ("PRIVACY_NOTICE_UNKNOWN", "1")
    given = {"clientId": new_uuid(), "version": notice["version"]}
    agreed = await api.do(citizen, "citizen", "AgreeToPrivacy", input=given)
    again = await api.do(citizen, "citizen", "AgreeToPrivacy", input={**given, "clientId": new_uuid()})
    assert agreed == again
    assert (await api.do(citizen, "citizen", "PrivacyNoticeDue"))["privacyNoticeDue"] is False


async def test_somebody_unknown_reports_without_agreeing_to_anything(api: Api) -> None:
    secret = {"claimSecret": secrets.token_urlsafe(32)}
    signed_in = await api.do(None, "citizen", "SignInWithClaim", input=secret)
    headers = {"authorization": f"Bearer {signed_in['token']}"}
    due = await api.ask(operation("citizen", "PrivacyNoticeDue"), {}, **headers)
    assert due["data"]["me"]["privacyNoticeDue"] is False
    given = {
        "typeCode": "E0110", "conditionId": "E0110-1", "description": "垃圾", "clientId": new_uuid(),
        "point": {"lng": 118.055, "lat": 36.805},
    }  # fmt: skip
    case = await api.ask(operation("citizen", "SubmitReport"), {"input": given}, **headers)
    assert case["data"]["submitReport"]["state"] == "REPORTED"
