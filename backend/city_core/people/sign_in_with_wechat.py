"""Citizens sign in with the login code that WeChat gave their mini-program."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.citizens import person_known_by
from city_core.people.keys import keyed_hash
from city_core.people.open_session import sign_in_person
from city_core.people.origin import NOWHERE, Origin
from city_core.people.roles import Role
from city_core.people.tokens import SignedIn
from city_core.people.try_limits import Tried, count_try
from city_core.people.wechat import WechatLogin, WechatRefused, WechatUnavailable


async def sign_in_with_wechat(
    city: City, code: str, login: WechatLogin, origin: Origin = NOWHERE
) -> SignedIn:
    """Sign a citizen in by WeChat; their openid is kept as a keyed hash only."""
    given = checked_text(code, field="code", most=128, least=1)
    await count_try(city, Tried.WECHAT, origin)
    try:
        found = await login.person_of(given)
    except WechatRefused as error:
        raise CityProblem("WECHAT_REFUSED", field="code", allowed="a fresh login code") from error
    except WechatUnavailable as error:
        raise CityProblem("WECHAT_UNAVAILABLE") from error
    citizen = await person_known_by(
        city, "wechat_openid", keyed_hash(city.settings, "wechat openid", found.openid)
    )
    if citizen["disabled"] or citizen["role"] != Role.CITIZEN:
        raise CityProblem("WECHAT_REFUSED", field="code")
    return await sign_in_person(city, citizen, device_id=origin.device_id, app=origin.app)
