"""Files of the pages that the API serves: the city's own and those of libraries, nothing from outside."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException
from litestar.response.base import ASGIResponse

from city_api.map.http_answers import answer, pack

ASKED_AGAIN = "no-cache"
A_DAY = "public, max-age=86400"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_GUARDED = {
    "content_security_policy": _POLICY,
    "referrer_policy": "no-referrer",
    "cross_origin_opener_policy": "same-origin",
    "permissions_policy": "camera=(), microphone=(), payment=()",
}
Asked = Request[Any, Any, Any]


@dataclass(frozen=True)
class _File:
    """A file of a page, packed once; a library may bring it packed already."""

    body: bytes
    packed: bytes
    media_type: str


def page_file(request: Asked, path: Path | None, cache_control: str = ASKED_AGAIN) -> ASGIResponse:
    """Give out a file as it lies on disk, with what keeps a page from reaching out or being reached into."""
    if path is None or not path.is_file():
        raise NotFoundException
    file = _read(path, path.stat().st_mtime_ns)
    return answer(
        request, file.body, file.media_type, vary="accept-encoding", packed=file.packed,
        cache_control=cache_control, **_GUARDED,
    )  # fmt: skip


@cache
def _read(path: Path, _changed_at: int) -> _File:
    body = path.read_bytes()
    if path.suffix == ".gz":
        return _File(gzip.decompress(body), body, _TYPES[path.with_suffix("").suffix])
    packs = path.suffix != ".woff2"  # packed already
    return _File(body, pack(body) if packs else body, _TYPES[path.suffix])
