"""The page with the map: its own files, the map library and the font, nothing from outside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.response.base import ASGIResponse

from city_api.map.http_answers import answer, pack

FOLDER = Path(__file__).parents[2] / "map_page"
_LIBRARIES = FOLDER / "node_modules"
_FONT = _LIBRARIES / "@fontsource-variable" / "noto-sans-sc"
_LIBRARY_FILES = {
    "ol.js": _LIBRARIES / "ol" / "dist" / "ol.js",
    "ol.css": _LIBRARIES / "ol" / "ol.css",
    "font.css": _FONT / "index.css",
}
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
_ASKED_AGAIN = "no-cache"
_A_DAY = "public, max-age=86400"
Asked = Request[Any, Any, Any]


@dataclass(frozen=True)
class _File:
    """A file of the page as it lies on disk, packed once."""

    body: bytes
    packed: bytes
    media_type: str


@get("/map")
async def get_page(request: Asked) -> ASGIResponse:
    """Show the map; where the map library is not installed, say how it is."""
    is_ready = _LIBRARY_FILES["ol.js"].is_file()
    return _given(request, FOLDER / ("index.html" if is_ready else "missing.html"), _ASKED_AGAIN)


@get("/map/page/{name:str}")
async def get_page_file(name: str, request: Asked, state: State) -> ASGIResponse:
    """Give out a script, a style or a picture of the page, or the operations that it may ask."""
    if name == "operations.json":
        return _given(request, state.operations_of_map, _ASKED_AGAIN)
    return _given(request, _page_files().get(name), _ASKED_AGAIN)


@get("/map/lib/{name:str}")
async def get_library_file(name: str, request: Asked) -> ASGIResponse:
    """Give out a file of the map library, or of the font for machines that have no Chinese one."""
    return _given(request, _LIBRARY_FILES.get(name), _ASKED_AGAIN)


@get("/map/lib/files/{name:str}")
async def get_font_file(name: str, request: Asked) -> ASGIResponse:
    """Give out a piece of the font."""
    return _given(request, _font_files().get(name), _A_DAY)


@cache
def _page_files() -> dict[str, Path]:
    return {file.name: file for file in FOLDER.iterdir() if file.suffix in (".js", ".css", ".svg")}


@cache
def _font_files() -> dict[str, Path]:
    return {file.name: file for file in (_FONT / "files").glob("*.woff2")}


def _given(request: Asked, path: Path | None, cache_control: str) -> ASGIResponse:
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
    packs = path.suffix != ".woff2"  # packed already
    return _File(body, pack(body) if packs else body, _TYPES[path.suffix])
