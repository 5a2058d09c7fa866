"""Signing in over the API, and what nobody gets without it."""

from __future__ import annotations

import pytest

from tests.api.support import PASSWORD, Api, operation, printed_code

_WHO = "query { me { id role roleName name department { nameEn } } }"


async def _phone_of(api: Api, who: str) -> str:
    person = await api.city.database.people.find_one({"_id": who})
    return str(person["phone"])


async def test_staff_sign_in_with_phone_and_password_and_are_known_by_the_token(api: Api) -> None:
    given = {"phone": await _phone_of(api, "officer-1"), "password": PASSWORD}
    signed_in = await api.do(None, "officer", "SignIn", input=given)
    assert signed_in["me"]["role"] == "OFFICER"
    answer = await api.ask(_WHO, authorization=f"Bearer {signed_in['token']}")
    assert answer["data"]["me"] == {
        "id": "officer-1",
        "role": "OFFICER",
        "roleName": "处置人员",
        "name": "officer-1",
        "department": {"nameEn": "sanitation"},
    }


async def test_a_wrong_password_is_a_problem_of_the_result_in_the_language_asked_for(api: Api) -> None:
    given = {"input": {"phone": await _phone_of(api, "officer-1"), "password": "wrong"}}
    answer = await api.ask(operation("officer", "SignIn"), given, **{"accept-language": "en-GB,zh;q=0.5"})
    assert answer["data"]["signIn"] == {
        "__typename": "Problem",
        "code": "SIGN_IN_FAILED",
        "message": "The phone number or the password is wrong.",
        "field": None,
        "allowed": None,
        "retryable": False,
    }


async def test_a_citizen_signs_in_with_the_code_that_was_sent(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = "19905330777"
    assert (await api.do(None, "citizen", "RequestCode", input={"phone": phone}))["ok"]
    code = printed_code(capsys.readouterr().out)
    signed_in = await api.do(None, "citizen", "SignInWithCode", input={"phone": phone, "code": code})
    assert signed_in["me"]["role"] == "CITIZEN"
    again = await api.do(None, "citizen", "SignInWithCode", input={"phone": phone, "code": code})
    assert again["code"] == "CODE_WRONG"


@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "Basic b2ZmaWNlcjp4"])
async def test_without_a_valid_token_nothing_is_read(api: Api, authorization: str) -> None:
    answer = await api.ask("query { cases { total } }", authorization=authorization)
    [error] = answer["errors"]
    assert answer["data"] is None
    assert error["extensions"]["code"] == "SIGN_IN_REQUIRED"
    assert error["extensions"]["zh"] == "请先登录。"
    assert error["message"] == "请先登录。"


async def test_a_disabled_person_is_nobody_from_that_moment(api: Api) -> None:
    headers = await api.headers("officer-2")
    people = api.city.database.people
    await people.update_one({"_id": "officer-2"}, {"$set": {"disabled": True}})
    answer = await api.ask(_WHO, **headers)
    await people.update_one({"_id": "officer-2"}, {"$set": {"disabled": False}})
    assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_a_phone_registers_and_is_dropped(api: Api) -> None:
    device = {"deviceId": "device-0001", "addressKind": "TOKEN", "address": "t" * 40, "platform": "android"}
    assert (await api.do("officer-1", "officer", "RegisterDevice", input=device))["ok"]
    stored = await api.city.database.devices.find_one({"_id": "device-0001"})
    assert (stored["person_id"], stored["address_kind"]) == ("officer-1", "token")
    refused = await api.do("officer-1", "officer", "RegisterDevice", input={**device, "platform": "pager"})
    assert refused["code"] == "DEVICE_INVALID"
    assert (await api.do("officer-1", "officer", "DropDevice", input={"deviceId": "device-0001"}))["ok"]
    assert await api.city.database.devices.count_documents({}) == 0
