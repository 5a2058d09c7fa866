"""Staying signed in over the API: refresh, where one is signed in, signing out, by WeChat, limits."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from city_core.people.change_person import PersonChange, change_person
from city_core.people.roles import Role
from city_core.people.try_limits import MOST_AN_HOUR, Tried
from tests.api.support import PASSWORD, Api, another_api, new_uuid, operation, printed_code
from tests.fake_wechat import APP_ID, SECRET, Codes, FakeWechatServer

DEVICE = "device-0001"


async def signed_in_phone(api: Api, who: str = "officer-1", device: str = DEVICE) -> dict[str, Any]:
    """Sign in with a password, as a phone that stays signed in."""
    person = await api.city.database.people.find_one({"_id": who})
    assert person is not None
    given = {"phone": person["phone"], "password": PASSWORD, "deviceId": device}
    found: dict[str, Any] = await api.do(None, "officer", "SignIn", input=given)
    assert found["__typename"] == "SignedIn", found
    return found


async def _with(api: Api, token: str, name: str) -> dict[str, Any]:
    answer = await api.ask(operation("officer", name), authorization=f"Bearer {token}")
    return answer


async def test_a_phone_refreshes_and_repeats_what_it_lost(api: Api) -> None:
    first = await signed_in_phone(api)
    given = {"refreshToken": first["refreshToken"], "deviceId": DEVICE}
    following = await api.do(None, "officer", "RefreshSignIn", input=given)
    again = await api.do(None, "officer", "RefreshSignIn", input=given)
    assert following["refreshToken"] == again["refreshToken"] != first["refreshToken"]
    assert following["me"]["id"] == "officer-1"
    assert following["refreshExpiresAt"] > following["expiresAt"]
    for signed_in in (first, following, again):
        assert (await _with(api, signed_in["token"], "Me"))["data"]["me"]["id"] == "officer-1"


async def test_old_apps_sign_in_as_before_and_get_no_refresh_token(api: Api) -> None:
    person = await api.city.database.people.find_one({"_id": "officer-1"})
    assert person is not None
    given = {"phone": person["phone"], "password": PASSWORD}
    signed_in = await api.do(None, "officer", "SignIn", input=given)
    assert (signed_in["refreshToken"], signed_in["refreshExpiresAt"]) == (None, None)
    assert (await _with(api, signed_in["token"], "Me"))["data"]["me"]["id"] == "officer-1"


@pytest.mark.parametrize(("language", "text"), [("zh", "为安全起见已退出"), ("en", "ended for safety")])
async def test_a_stolen_token_is_told_in_both_languages(api: Api, language: str, text: str) -> None:
    first = await signed_in_phone(api)
    given = {"input": {"refreshToken": first["refreshToken"], "deviceId": "device-of-a-thief"}}
    answer = await api.ask(operation("officer", "RefreshSignIn"), given, **{"accept-language": language})
    problem = answer["data"]["refreshSignIn"]
    assert (problem["code"], problem["retryable"]) == ("REFRESH_REUSED", False)
    assert text in problem["message"]
    after = await _with(api, first["token"], "Me")
    assert after["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_somebody_sees_where_they_are_signed_in_and_signs_out_here_and_everywhere(api: Api) -> None:
    here, there = await signed_in_phone(api), await signed_in_phone(api, device="device-0002")
    other = await signed_in_phone(api, "officer-2", "device-0003")
    listed = (await _with(api, here["token"], "MySessions"))["data"]["mySessions"]
    assert {(row["deviceId"], row["isThisOne"]) for row in listed} == {
        (DEVICE, True), ("device-0002", False),
    }  # fmt: skip
    assert (await _with(api, here["token"], "SignOut"))["data"]["signOut"]["ok"]
    problem = (await _with(api, here["token"], "SignOut"))["data"]["signOut"]
    assert problem["code"] == "SIGN_IN_REQUIRED"
    assert (await _with(api, there["token"], "SignOutEverywhere"))["data"]["signOutEverywhere"]["ok"]
    given = {"refreshToken": there["refreshToken"], "deviceId": "device-0002"}
    assert (await api.do(None, "officer", "RefreshSignIn", input=given))["code"] == "SIGN_IN_ENDED"
    assert (await _with(api, other["token"], "Me"))["data"]["me"]["id"] == "officer-2"


async def test_a_changed_post_counts_at_the_next_request(own_api: Api) -> None:
    signed_in = await signed_in_phone(own_api, "inspector-1")
    await change_person(own_api.city, "inspector-1", PersonChange(role=Role.DISPATCHER))
    assert (await _with(own_api, signed_in["token"], "Me"))["data"]["me"]["role"] == "DISPATCHER"
    await change_person(own_api.city, "inspector-1", PersonChange(disabled=True))
    answer = await _with(own_api, signed_in["token"], "Me")
    assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_aliases_buy_no_further_tries(api: Api) -> None:
    tries = " ".join(
        f'a{number}: signInWithCode(input: {{phone: "13800138000", code: "{number:06d}"}}) {{ __typename }}'
        for number in range(10)
    )
    answer = await api.ask(f"mutation {{ {tries} }}")
    assert answer["errors"][0]["extensions"]["code"] == "REQUEST_INVALID"


async def test_limits_count_the_connection_and_believe_no_stranger_about_it(api: Api) -> None:
    most = MOST_AN_HOUR[Tried.CODE_SENT]["address"]
    for number in range(2):
        given, lie = {"phone": f"1380000000{number}"}, {"x-forwarded-for": f"203.0.113.{number}"}
        answer = await api.ask(operation("citizen", "RequestCode"), {"input": given}, **lie)
        assert answer["data"]["requestCode"]["ok"]
    by_address = await api.city.database.try_counts.find({"_id": {"$regex": ":address:"}}).to_list(None)
    assert [row["tries"] for row in by_address] == [2]
    await api.city.database.try_counts.update_many({}, {"$set": {"tries": most}})
    refused = await api.do(None, "citizen", "RequestCode", input={"phone": "13800000002"})
    assert (refused["code"], refused["retryable"]) == ("TOO_MANY_TRIES", True)
    async with another_api(api, trusted_proxies="127.0.0.0/8") as behind_a_proxy:
        given = {"input": {"phone": "13800000002"}}
        answer = await behind_a_proxy.ask(
            operation("citizen", "RequestCode"), given, **{"x-forwarded-for": "198.51.100.9, 203.0.113.200"}
        )
        assert answer["data"]["requestCode"]["ok"]


async def test_a_citizen_comes_by_wechat_and_binds_a_phone(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = Codes()
    async with FakeWechatServer(codes).running() as wechat:
        more = {"wechat_app_id": APP_ID, "wechat_app_secret": SecretStr(SECRET), "wechat_endpoint": wechat}
        async with another_api(api, **more) as city:
            given = {"code": codes.give("code-1", new_uuid()), "deviceId": new_uuid()}
            signed_in = await city.do(None, "citizen", "SignInWithWechat", input=given)
            assert (signed_in["me"]["role"], signed_in["refreshToken"] is not None) == ("CITIZEN", True)
            assert (await city.do(None, "citizen", "SignInWithWechat", input=given))["code"] == (
                "WECHAT_REFUSED"
            )
            phone = "13900139000"
            await city.do(None, "citizen", "RequestCode", input={"phone": phone})
            code = printed_code(capsys.readouterr().out)
            authorization = f"Bearer {signed_in['token']}"
            bound = await city.ask(
                operation("citizen", "BindPhone"), {"input": {"phone": phone, "code": code}},
                authorization=authorization,
            )  # fmt: skip
            assert bound["data"]["bindPhone"]["id"] == signed_in["me"]["id"]
    refused = await api.do(None, "citizen", "SignInWithWechat", input={"code": "code-2"})
    assert (refused["code"], refused["retryable"]) == ("WECHAT_UNAVAILABLE", True)


@pytest.mark.parametrize("device", ["short", "x" * 101])
async def test_a_device_id_that_is_none_is_refused(api: Api, device: str) -> None:
    given = {"phone": "13800138000", "password": "x", "deviceId": device}
    assert (await api.do(None, "officer", "SignIn", input=given))["code"] == "DEVICE_INVALID"
