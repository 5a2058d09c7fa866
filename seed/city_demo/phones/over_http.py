"""What apps ask for beside GraphQL 地图、标牌、名录: plain addresses of the city, signed in or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from city_demo.phones.network import trusted
from city_demo.phones.phone import Phone
from city_demo.phones.refusals import NoAnswer, Refused

_ANSWER_LIMIT_S = 60.0


class Way:
    """Plain requests of one phone; what the city refuses is raised as everywhere."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str, *, accept: str = "*/*", **params: Any) -> httpx.Response:
        """Ask for an address; raises Refused unless it was answered well."""
        return await self._ask("GET", path, params=params, headers={"accept": accept})

    async def post(self, path: str, content: bytes, **params: Any) -> httpx.Response:
        """Hand a file in."""
        return await self._ask("POST", path, params=params, content=content)

    async def get_unless_same(self, path: str, etag: str) -> httpx.Response:
        """Ask for what one has already; 304 when it is still the same."""
        return await self._ask("GET", path, headers={"if-none-match": etag})

    async def _ask(self, method: str, path: str, **asked: Any) -> httpx.Response:
        try:
            answer = await self._client.request(method, path, **asked)
        except httpx.TransportError as error:
            raise NoAnswer(f"{path} gave no answer: {error!r}") from error
        if answer.is_error:
            is_json = answer.headers.get("content-type", "").startswith("application/json")
            raise Refused(answer.json() if is_json else {"code": f"HTTP {answer.status_code}"})
        return answer


@asynccontextmanager
async def way_of(phone: Phone, *, signed_in: bool = True) -> AsyncIterator[Way]:
    """Open a way of a phone to the city, with who holds it in the headers unless it is not to be told."""
    headers = {"accept-language": "zh", **(await phone.fresh_headers() if signed_in else {})}
    async with httpx.AsyncClient(
        base_url=phone.api_url, headers=headers, timeout=_ANSWER_LIMIT_S, trust_env=False, verify=trusted()
    ) as client:
        yield Way(client)
