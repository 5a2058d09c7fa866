"""The phone of a citizen 市民: signs in by one-time code, reports, rates."""

from __future__ import annotations

import asyncio
import inspect
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from city_demo.phones.refusals import Refused
from city_demo.phones.reporting import ReportingPhone

CodeReader = Callable[[str], str | Awaitable[str | None] | None]
_CODE_LIMIT_S = 10.0
_LOOK_EVERY_S = 0.05


class CitizenPhone(ReportingPhone):
    """In the hand of somebody who lives here."""

    app = "citizen"

    async def sign_in_by_code(self, read_code: CodeReader) -> None:
        """Have a code sent, read it, and sign in with it."""
        before = await _read(read_code, self.number)
        try:
            await self.send("requestCode", {"phone": self.number, **self._device()})
        except Refused as refusal:
            # One code a minute: the last one may still be good.
            if refusal.code != "TOO_MANY_TRIES" or before is None:
                raise
            before = None
        code = await self._wait_for_code(read_code, before)
        self._keep(await self.send("signInWithCode", {"phone": self.number, "code": code, **self._device()}))

    async def rate(self, case_id: str, stars: int, comment: str = "") -> dict[str, Any]:
        """Say how satisfied one is with the result."""
        return await self.step("rateCase", case_id, stars=stars, comment=comment)

    async def _wait_for_code(self, read_code: CodeReader, before: str | None) -> str:
        deadline = time.monotonic() + _CODE_LIMIT_S
        while time.monotonic() < deadline:
            code = await _read(read_code, self.number)
            if code is not None and code != before:
                return code
            await asyncio.sleep(_LOOK_EVERY_S)
        raise TimeoutError(f"No one-time code for {self.number} came within {_CODE_LIMIT_S:.0f} s.")


def codes_in(log: Path) -> CodeReader:
    """Read codes where the API prints them in development; gives the newest one of a number."""

    def read(number: str) -> str | None:
        if not log.exists():
            return None
        text = log.read_text(encoding="utf-8", errors="replace")
        found = re.findall(rf"one-time code for {number}: (\d{{6}})", text)
        return found[-1] if found else None

    return read


async def _read(read_code: CodeReader, number: str) -> str | None:
    found = read_code(number)
    return await found if inspect.isawaitable(found) else found
