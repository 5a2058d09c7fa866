"""A photo in pieces (tus 1.0.0), as a phone sends it over a link that breaks: what has arrived stays."""

from __future__ import annotations

import asyncio
import base64
from urllib.parse import urlsplit

import httpx

from city_demo.phones.network import trusted
from city_demo.phones.phone import Phone
from city_demo.phones.refusals import NoAnswer, Refused

_TUS = {"tus-resumable": "1.0.0"}
_PIECE = {"content-type": "application/offset+octet-stream"}
_MOST_BREAKS = 60
_PAUSE_S = 0.1
_ANSWER_LIMIT_S = 20.0
_GONE, _OFFSET_WRONG = 404, 409


class Pieces:
    """One photo on its way; `resumed` counts how often it went on in its middle."""

    def __init__(self, phone: Phone, media_id: str, photo: bytes, *, url: str) -> None:
        self._phone = phone
        self._photo = photo
        self._url = url
        self._named = f"mediaId {base64.b64encode(media_id.encode()).decode()}"
        self._upload: str | None = None
        self.resumed = 0

    async def send(self) -> None:
        """Send what is missing until the city has all of it, however often the link breaks."""
        # Each request has a connection of its own: it breaks for itself alone.
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(
            base_url=self._url, limits=limits, timeout=_ANSWER_LIMIT_S, trust_env=False, verify=trusted()
        ) as way:
            for _ in range(_MOST_BREAKS):
                try:
                    if await self._go_on(way):
                        return
                except httpx.TransportError:
                    await asyncio.sleep(_PAUSE_S)
        raise NoAnswer(f"A photo was not through after {_MOST_BREAKS} tries.")

    async def _go_on(self, way: httpx.AsyncClient) -> bool:
        offset = await self._offset(way)
        if offset == len(self._photo):
            return True
        self.resumed += offset > 0
        headers = {**await self._headers(), **_PIECE, "upload-offset": str(offset)}
        assert self._upload is not None
        answer = await way.patch(self._upload, content=self._photo[offset:], headers=headers)
        if answer.status_code != _OFFSET_WRONG:
            _refuse(answer)
        return False

    async def _offset(self, way: httpx.AsyncClient) -> int:
        """Ask how far it has come; begin where nothing has."""
        if self._upload is not None:
            answer = await way.head(self._upload, headers=await self._headers())
            if answer.status_code != _GONE:
                _refuse(answer)
                return int(answer.headers["upload-offset"])
        about = {"upload-length": str(len(self._photo)), "upload-metadata": self._named}
        answer = await way.post("/uploads", headers={**await self._headers(), **about})
        _refuse(answer)
        self._upload = urlsplit(answer.headers["location"]).path
        return int(answer.headers.get("upload-offset", 0))

    async def _headers(self) -> dict[str, str]:
        return {**_TUS, **await self._phone.fresh_headers()}


def _refuse(answer: httpx.Response) -> None:
    if answer.is_error:
        raise Refused(answer.json() if answer.content else {"code": f"HTTP {answer.status_code}"})
