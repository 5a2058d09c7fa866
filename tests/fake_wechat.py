"""A stand-in for WeChat's `jscode2session`, as its documents describe it; and the plain fake of our port."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from city_core.people.wechat import WechatPerson, WechatRefused, WechatUnavailable

APP_ID, SECRET = "wx0123456789abcdef", "the secret of the mini-program"


@dataclass
class Codes:
    """The login codes that are good, once each, and whose they are."""

    openids: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    is_down: bool = False

    def give(self, code: str, openid: str) -> str:
        self.openids[code] = openid
        return code


class FakeWechat:
    """The port's plain fake."""

    def __init__(self, codes: Codes) -> None:
        self.codes = codes

    async def person_of(self, code: str) -> WechatPerson:
        if self.codes.is_down:
            raise WechatUnavailable
        known = self.codes.openids.get(code)
        if known is None or code in self.codes.used or code in self.codes.blocked:
            raise WechatRefused
        self.codes.used.add(code)
        return WechatPerson(known)


class FakeWechatServer:
    """Answers over real HTTP what WeChat would answer."""

    def __init__(self, codes: Codes) -> None:
        self.codes = codes
        self.raw_answer: bytes | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Serve on a free port; answers the address."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, target, _ = head.split("\r\n")[0].split(" ")
        if self.codes.is_down:
            writer.write(b"HTTP/1.1 503 Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        else:
            body = self.raw_answer or json.dumps(self._answer(method, target)).encode()
            length = f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n{length}".encode() + body)
        await writer.drain()
        writer.close()

    def _answer(self, method: str, target: str) -> dict[str, object]:
        url = urlsplit(target)
        given = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert (method, url.path, given.get("grant_type")) == (
            "GET", "/sns/jscode2session", "authorization_code",
        )  # fmt: skip
        if given["appid"] != APP_ID:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if given["secret"] != SECRET:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        return self._of_code(given["js_code"])

    def _of_code(self, code: str) -> dict[str, object]:
        if code in self.codes.blocked:
            return {"errcode": 40226, "errmsg": "code blocked"}
        if code in self.codes.used:
            return {"errcode": 40163, "errmsg": "code been used"}
        if code not in self.codes.openids:
            return {"errcode": 40029, "errmsg": "invalid code"}
        self.codes.used.add(code)
        return {"openid": self.codes.openids[code], "session_key": "tiihtNczf5v6AKRyjwEUhQ==", "unionid": "u"}
