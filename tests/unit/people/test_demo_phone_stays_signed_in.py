"""The scripted phones renew their sign-in: ahead of time, once for all who need it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from city_demo.phones.signed_in import SignIn


def answer(number: int, lasts: timedelta) -> dict[str, Any]:
    expires = (datetime.now(UTC) + lasts).isoformat()
    return {"token": f"access-{number}", "refreshToken": f"refresh-{number}", "expiresAt": expires}


async def test_a_token_is_renewed_before_it_runs_out_and_only_once() -> None:
    phone, asked = SignIn(), []
    phone.keep(answer(1, timedelta(seconds=-1)))
    assert phone.is_due

    async def ask(given: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(given)
        await asyncio.sleep(0)
        return answer(2, timedelta(minutes=15))

    await asyncio.gather(*(phone.renew(ask) for _ in range(5)))
    assert asked == [{"refreshToken": "refresh-1", "deviceId": phone.device_id}]
    assert (phone.token, phone.is_due, phone.may_be_renewed) == ("access-2", False, False)


def test_without_a_refresh_token_nothing_is_renewed() -> None:
    phone = SignIn()
    phone.keep({**answer(1, timedelta(seconds=-1)), "refreshToken": None})
    assert not phone.is_due and not phone.may_be_renewed
