"""Answers on their way: packed where there is enough to pack and the phone can read it."""

from __future__ import annotations

import gzip

import httpx
import pytest
from litestar import Litestar, get
from litestar.response import Stream

from city_api.compression import compressed_but_for
from tests.api.support import running

_LONG = "一网" * 2_000
_PIECES = [b"a,b\n", b"1,2\n" * 2_000, b"3,4\n"]


@get("/long")
async def long() -> str:
    return _LONG


@get("/short")
async def short() -> str:
    return "一网"


@get("/pieces")
async def pieces() -> Stream:
    async def one_by_one():  # type: ignore[no-untyped-def]
        for piece in _PIECES:
            yield piece

    return Stream(one_by_one())


@get("/left/alone")
async def left_alone() -> str:
    return _LONG


@pytest.mark.parametrize(
    ("path", "accepted", "told", "is_packed"),
    [
        ("/long", "gzip", _LONG.encode(), True),
        ("/long", "identity", _LONG.encode(), False),
        ("/short", "gzip", "一网".encode(), False),
        ("/pieces", "gzip", b"".join(_PIECES), True),
        ("/pieces", "identity", b"".join(_PIECES), False),
        ("/left/alone", "gzip", _LONG.encode(), False),
    ],
)
async def test_answers_are_packed_where_it_is_worth_it(
    path: str, accepted: str, told: bytes, is_packed: bool
) -> None:
    app = Litestar([long, short, pieces, left_alone], compression_config=compressed_but_for("^/left"))
    headers = {"accept-encoding": accepted}
    async with running(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as http:
        for _ in range(2):  # the second one on the same connection
            async with http.stream("GET", path, headers=headers) as answer:
                raw = b"".join([piece async for piece in answer.aiter_raw()])
            assert answer.headers.get("content-encoding") == ("gzip" if is_packed else None)
            assert (gzip.decompress(raw) if is_packed else raw) == told
            assert int(answer.headers.get("content-length", len(raw))) == len(raw)
