"""A small server that speaks as much of S3 as photos need, and asks for signed requests."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote

Answer = tuple[int, bytes, dict[str, str]]


class S3Server:
    """An ASGI app that keeps objects in memory; `broken` makes it answer 503 to everything."""

    def __init__(self, bucket: str, key_id: str) -> None:
        self._bucket = bucket
        self._key_id = key_id
        self.objects: dict[str, bytes] = {}
        self.broken = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status, content, more = self._answer(scope, headers, body)
        length = str(more.pop("content-length", len(content)))
        described = {"content-length": length, **more}.items()
        raw = [(name.encode(), value.encode()) for name, value in described]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, scope: Any, headers: dict[str, str], body: bytes) -> Answer:
        if self.broken:
            return 503, b"<Error><Code>SlowDown</Code></Error>", {}
        if f"Credential={self._key_id}/" not in headers.get("authorization", ""):
            return 403, b"<Error><Code>AccessDenied</Code></Error>", {}
        bucket, _, key = unquote(scope["path"]).lstrip("/").partition("/")
        if bucket != self._bucket:
            return 404, b"<Error><Code>NoSuchBucket</Code></Error>", {}
        asked = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
        if scope["method"] == "POST" and "delete" in asked:
            return self._delete_all(body.decode())
        return self._object(scope["method"], key, body, headers.get("range"))

    def _object(self, method: str, key: str, body: bytes, asked: str | None) -> Answer:
        described = {"etag": '"x"', "last-modified": "Sun, 01 Mar 2026 00:00:00 GMT"}
        if method == "PUT":
            self.objects[key] = body
            return 200, b"", described
        if method == "DELETE":
            self.objects.pop(key, None)
            return 204, b"", {}
        if key not in self.objects:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>", {}
        if method == "HEAD":
            return 200, b"", {**described, "content-length": str(len(self.objects[key]))}
        if asked is not None:
            first, last = (int(number) for number in asked.removeprefix("bytes=").split("-"))
            part, length = self.objects[key][first : last + 1], len(self.objects[key])
            where = f"bytes {first}-{first + len(part) - 1}/{length}"
            return 206, part, {**described, "content-range": where}
        return 200, self.objects[key], described

    def _delete_all(self, asked: str) -> Answer:
        keys = re.findall(r"<Key>([^<]+)</Key>", asked)
        for key in keys:
            self.objects.pop(key, None)
        told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        return 200, f"<DeleteResult>{told}</DeleteResult>".encode(), {"content-type": "application/xml"}


async def _live(receive: Any, send: Any) -> None:
    for kind in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{kind}.complete"})
