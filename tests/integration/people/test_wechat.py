"""Citizens come by WeChat: the port's contract on fake and adapter, sign-in, a phone bound later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from city_core.kit.problems import CityProblem
from city_core.people.adapters.jscode2session import JsCode2Session, wechat_login
from city_core.people.bind_phone import bind_phone
from city_core.people.one_time_codes import request_code, sign_in_citizen
from city_core.people.origin import Origin
from city_core.people.roles import Role
from city_core.people.sign_in_with_wechat import sign_in_with_wechat
from city_core.people.tokens import SignedIn, actor_of
from city_core.people.wechat import WechatLogin, WechatRefused, WechatUnavailable
from tests.fake_wechat import APP_ID, SECRET, Codes, FakeWechat, FakeWechatServer
from tests.integration.people.conftest import DEVICE, Village

OPENID = "oLfYd5Wm3UXy0uP6R4eVv1nBQ2Sc"
PHONE = "13800138000"


@pytest.fixture
def codes() -> Codes:
    return Codes()


@pytest.fixture(params=["fake", "adapter"])
async def login(request: pytest.FixtureRequest, codes: Codes) -> AsyncIterator[WechatLogin]:
    """The port, as a fake and as the adapter that speaks to a server."""
    if request.param == "fake":
        yield FakeWechat(codes)
        return
    async with FakeWechatServer(codes).running() as address:
        yield JsCode2Session(APP_ID, SECRET, address)


async def test_a_good_code_names_whoever_logged_in_and_is_good_once(login: WechatLogin, codes: Codes) -> None:
    codes.give("code-1", OPENID)
    assert (await login.person_of("code-1")).openid == OPENID
    with pytest.raises(WechatRefused):
        await login.person_of("code-1")


async def test_wrong_codes_and_blocked_people_are_refused(login: WechatLogin, codes: Codes) -> None:
    codes.blocked.add(codes.give("code-2", OPENID))
    for code in ("unknown", "code-2", "code&secret=x"):
        with pytest.raises(WechatRefused):
            await login.person_of(code)


async def test_a_service_that_is_down_is_unavailable(login: WechatLogin, codes: Codes) -> None:
    codes.give("code-1", OPENID)
    codes.is_down = True
    with pytest.raises(WechatUnavailable):
        await login.person_of("code-1")


@pytest.mark.parametrize(
    "answer",
    [b"not json", b"[]", b"{}", b'{"openid": 7}', b'{"errcode": -1}', b'{"errcode": 45011}',
     b'{"errcode": 40125, "errmsg": "invalid appsecret"}'],
)  # fmt: skip
async def test_strange_answers_are_unavailable_and_no_secret_is_logged(codes: Codes, answer: bytes) -> None:
    server = FakeWechatServer(codes)
    server.raw_answer = answer
    async with server.running() as address:
        with capture_logs() as logs, pytest.raises(WechatUnavailable):
            await JsCode2Session(APP_ID, SECRET, address).person_of("code-1")
    assert SECRET not in str(logs) and "code-1" not in str(logs)


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(WechatUnavailable) as problem:
        await JsCode2Session(APP_ID, SECRET, "http://127.0.0.1:1").person_of("code-1")
    assert problem.value.__cause__ is None


async def test_a_city_without_a_mini_program_says_so(village: Village) -> None:
    with pytest.raises(CityProblem, match="WECHAT_UNAVAILABLE"):
        await sign_in_with_wechat(village.city, "code-1", wechat_login(village.city.settings))


async def come(village: Village, codes: Codes, openid: str = OPENID) -> SignedIn:
    code = codes.give(f"code-{len(codes.openids)}", openid)
    return await sign_in_with_wechat(village.city, code, FakeWechat(codes), Origin("", DEVICE))


async def test_the_first_login_makes_a_citizen_and_later_ones_find_them(
    village: Village, codes: Codes
) -> None:
    logins = await asyncio.gather(*(come(village, codes) for _ in range(5)))
    other = await come(village, codes, "another-openid")
    assert len({login.actor.person_id for login in logins}) == 1
    assert other.actor.person_id != logins[0].actor.person_id
    assert (other.actor.role, other.actor.phone) == (Role.CITIZEN, "")
    assert other.refresh_token is not None
    people = await village.city.database.people.find({}).to_list(None)
    assert OPENID not in str(people)


@pytest.mark.parametrize("code", ["", "x" * 129, "a\x00b"])
async def test_what_is_no_login_code_is_refused(village: Village, codes: Codes, code: str) -> None:
    with pytest.raises(CityProblem, match="TEXT_INVALID"):
        await sign_in_with_wechat(village.city, code, FakeWechat(codes))


async def test_refusals_are_told_apart(village: Village, codes: Codes) -> None:
    with pytest.raises(CityProblem, match="WECHAT_REFUSED"):
        await sign_in_with_wechat(village.city, "unknown", FakeWechat(codes))
    codes.is_down = True
    with pytest.raises(CityProblem, match="WECHAT_UNAVAILABLE"):
        await sign_in_with_wechat(village.city, "unknown", FakeWechat(codes))


async def code_for(village: Village, phone: str) -> str:
    await request_code(village.city, phone, village.sent)
    return village.sent.codes[phone][-1]


async def test_a_phone_bound_later_leads_to_the_same_citizen_and_stays_bound(
    village: Village, codes: Codes
) -> None:
    signed_in = await come(village, codes)
    code = await code_for(village, PHONE)
    assert (await bind_phone(village.city, signed_in.actor, PHONE, code)).phone == PHONE
    actor = await actor_of(village.city, signed_in.token)
    assert (await bind_phone(village.city, actor, PHONE, "whatever")).phone == PHONE
    by_code = await sign_in_citizen(village.city, PHONE, await code_for(village, PHONE))
    assert by_code.actor.person_id == signed_in.actor.person_id


async def test_a_wrong_code_binds_nothing(village: Village, codes: Codes) -> None:
    signed_in = await come(village, codes)
    code = await code_for(village, PHONE)
    with pytest.raises(CityProblem, match="CODE_WRONG"):
        await bind_phone(village.city, signed_in.actor, PHONE, "0" if code != "0" else "1")
    assert (await actor_of(village.city, signed_in.token)).phone == ""


async def test_somebody_elses_number_is_taken_which_only_its_holder_learns(
    village: Village, codes: Codes
) -> None:
    signed_in = await come(village, codes)
    for who in ("citizen-1", "officer-1"):
        person = await village.city.database.people.find_one({"_id": who})
        assert person is not None
        with pytest.raises(CityProblem, match="CODE_WRONG"):
            await bind_phone(village.city, signed_in.actor, person["phone"], "000000")
        code = await code_for(village, person["phone"])
        with pytest.raises(CityProblem, match="PHONE_TAKEN"):
            await bind_phone(village.city, signed_in.actor, person["phone"], code)


async def test_neither_staff_nor_who_has_a_number_binds_another(village: Village) -> None:
    for who in ("officer-1", "citizen-1"):
        actor = (await village.sign_in(who)).actor
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await bind_phone(village.city, actor, PHONE, await code_for(village, PHONE))
        await village.city.database.one_time_codes.delete_many({})
