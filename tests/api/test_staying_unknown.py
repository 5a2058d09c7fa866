"""An anonymous reporter: reports, follows, answers, rates and has points, without an account."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from city_core.cases.ask_reporter import ask_reporter
from city_core.cases.close import close_case
from city_core.cases.command import Command
from city_core.cases.verify import verify_report
from city_core.kit.city import City
from city_core.people.claims import claim_hash
from tests.api.support import Api, new_uuid, operation
from tests.integration.cases.support import do_all_work, handled

REPORT = {
    "typeCode": "E0110", "conditionId": "E0110-1", "description": "垃圾",
    "point": {"lng": 118.055, "lat": 36.805},
}  # fmt: skip


class Unknown:
    """A phone of somebody who stays unknown."""

    def __init__(self, api: Api, secret: str | None = None) -> None:
        self.api = api
        self.secret = secret or secrets.token_urlsafe(32)

    async def token(self) -> str:
        signed_in = await self.api.do(
            None, "citizen", "SignInWithClaim", input={"claimSecret": self.secret, "deviceId": "phone-0001"}
        )
        assert (signed_in["me"]["role"], signed_in["refreshToken"]) == ("CITIZEN", None), signed_in
        return str(signed_in["token"])

    async def do(self, name: str, **variables: Any) -> Any:
        headers = {"authorization": f"Bearer {await self.token()}"}
        answer = await self.api.ask(operation("citizen", name), variables, **headers)
        assert "errors" not in answer, answer
        [value] = answer["data"].values()
        return value


def _step(case_id: str, **more: Any) -> dict[str, Any]:
    return {"clientId": new_uuid(), "caseId": case_id, **more}


async def _to_the_end(api: Api, case_id: str) -> None:
    city: City = api.city
    await do_all_work(city)
    await verify_report(city, api.people["inspector-1"], case_id, Command(new_uuid()), finding="EXISTS")
    await do_all_work(city)
    case = await handled(city, api.people, await _stored(city, case_id))
    given = _step(case_id, passed=True, opinion="已清理")
    checked = await api.do(case["task"]["assignee_id"], "inspector", "CheckCase", input=given)
    assert checked.get("state") == "PENDING_CLOSING", checked
    await close_case(city, api.people["leader-of-shift"], case["_id"], Command(new_uuid()), opinion="办结")
    await do_all_work(city)


async def _stored(city: City, case_id: str) -> Any:
    return await city.database.cases.find_one({"_id": case_id})


async def test_somebody_unknown_walks_the_whole_way(own_api: Api) -> None:
    api, unknown = own_api, Unknown(own_api)
    once = {**REPORT, "clientId": new_uuid()}
    case = await unknown.do("SubmitReport", input=once)
    assert (await unknown.do("SubmitReport", input=once))["id"] == case["id"]
    asked = Command(new_uuid())
    await ask_reporter(api.city, api.people["acceptor-1"], case["id"], asked, text="在哪一侧？")
    assert (await unknown.do("CaseWithHistory", id=case["id"]))["openQuestion"]["text"] == "在哪一侧？"
    await unknown.do("AnswerQuestion", input=_step(case["id"], text="东侧"))
    await _to_the_end(api, case["id"])
    rated = await unknown.do("RateCase", input=_step(case["id"], stars=5, comment="快"))
    assert rated["state"] == "CLOSED", rated
    await do_all_work(api.city)
    points = await unknown.do("MyPoints", first=10)
    assert (points["balance"], len(points["nodes"])) == (10 + 5 + 2 + 2, 4)

    given = {"claimSecret": unknown.secret, "requestId": new_uuid()}
    for _ in range(2):
        assert (await api.do("citizen-2", "citizen", "CollectPoints", input=given))["points"] == 19
    assert (await api.do("citizen-2", "citizen", "MyPoints", first=10))["balance"] == 19
    assert (await unknown.do("MyPoints", first=10))["balance"] == 0
    again = await api.do("citizen-1", "citizen", "CollectPoints", input={**given, "requestId": new_uuid()})
    assert again["points"] == 0


async def test_nothing_is_kept_that_would_tell_who_it_is(own_api: Api) -> None:
    unknown = Unknown(own_api)
    await unknown.do("SubmitReport", input={**REPORT, "clientId": new_uuid()})
    database = own_api.city.database
    person = await database.people.find_one({"claim_hash": claim_hash(own_api.city, unknown.secret)})
    assert person is not None
    assert (person.get("phone"), person.get("wechat_openid"), person.get("last_place")) == (None, None, None)
    everything = [str(row) for name in await database.list_collection_names()
                  async for row in database[name].find({})]  # fmt: skip
    assert not [row for row in everything if unknown.secret in row or "phone-0001" in row]


async def test_one_secret_does_not_see_what_another_reported(own_api: Api) -> None:
    first, second = Unknown(own_api), Unknown(own_api)
    case = await first.do("SubmitReport", input={**REPORT, "clientId": new_uuid()})
    assert await second.do("CaseWithHistory", id=case["id"]) is None
    refused = await second.do("RateCase", input=_step(case["id"], stars=1, comment=""))
    assert refused["code"] == "CASE_NOT_FOUND"


@pytest.mark.parametrize(
    "secret", ["", "short", "a" * 40, "x" * 129, "有" * 40, "abc def ghi jkl mno pqr stu vwx yz"]
)
async def test_a_weak_secret_is_refused(api: Api, secret: str) -> None:
    refused = await api.do(None, "citizen", "SignInWithClaim", input={"claimSecret": secret})
    assert (refused["code"], refused["field"]) == ("CLAIM_WRONG", "claimSecret")


async def test_points_of_a_secret_that_nobody_used_cannot_be_collected(api: Api) -> None:
    given = {"claimSecret": secrets.token_urlsafe(32), "requestId": new_uuid()}
    refused = await api.do("citizen-1", "citizen", "CollectPoints", input=given)
    assert refused["code"] == "CLAIM_WRONG"
    staff = await api.do("officer-1", "citizen", "CollectPoints", input=given)
    assert staff["code"] == "NOT_ALLOWED"


async def test_a_phone_makes_so_many_unknown_people_and_no_more(own_api: Api) -> None:
    for _ in range(5):
        await Unknown(own_api).token()
    given = {"claimSecret": secrets.token_urlsafe(32), "deviceId": "phone-0001"}
    refused = await own_api.do(None, "citizen", "SignInWithClaim", input=given)
    assert refused["code"] == "TOO_MANY_TRIES"
