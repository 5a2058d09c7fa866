"""The photos of a case as a screen shows them: by links, as an <img> asks for them, without any header."""

from __future__ import annotations

import asyncio
import time

import httpx

from city_demo.phones.network import open_network
from city_demo.phones.phone import Phone, Row
from city_demo.phones.refusals import NoAnswer

_LOOK_EVERY_S = 0.2
_NOT_READY = 409


async def photos_of(phone: Phone, case_id: str) -> list[Row]:
    """List the photos of a case with their links, as far as they are this person's to see."""
    return list((await phone.look("CasePhotos", case_id)).get("photos") or ())


async def open_link(url: str, *, seconds: float = 0.0) -> httpx.Response:
    """Open a link; waits so long for a copy that is not made yet, and gives the last answer."""
    deadline = time.monotonic() + seconds
    async with open_network(1) as way:
        while True:
            try:
                answer = await way.get(url)
            except httpx.TransportError as error:
                raise NoAnswer(f"A link gave no answer: {error!r}") from error
            if answer.status_code != _NOT_READY or time.monotonic() > deadline:
                return answer
            await asyncio.sleep(_LOOK_EVERY_S)
