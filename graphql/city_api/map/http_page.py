"""The page with the map: its own files, the map library and the font, nothing from outside."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from litestar import get
from litestar.datastructures import State
from litestar.response.base import ASGIResponse

from city_api.page_files import A_DAY, Asked, page_file

FOLDER = Path(__file__).parents[2] / "map_page"
_LIBRARIES = FOLDER / "node_modules"
_FONT = _LIBRARIES / "@fontsource-variable" / "noto-sans-sc"
_LIBRARY_FILES = {
    "ol.js": _LIBRARIES / "ol" / "dist" / "ol.js",
    "ol.css": _LIBRARIES / "ol" / "ol.css",
    "font.css": _FONT / "index.css",
}


@get("/map")
async def get_page(request: Asked) -> ASGIResponse:
    """Show the map; where the map library is not installed, say how it is."""
    is_ready = _LIBRARY_FILES["ol.js"].is_file()
    return page_file(request, FOLDER / ("index.html" if is_ready else "missing.html"))


@get("/map/page/{name:str}")
async def get_page_file(name: str, request: Asked, state: State) -> ASGIResponse:
    """Give out a script, a style or a picture of the page, or the operations that it may ask."""
    if name == "operations.json":
        return page_file(request, state.operations_of_map)
    return page_file(request, _page_files().get(name))


@get("/map/lib/{name:str}")
async def get_library_file(name: str, request: Asked) -> ASGIResponse:
    """Give out a file of the map library, or of the font for machines that have no Chinese one."""
    return page_file(request, _LIBRARY_FILES.get(name))


@get("/map/lib/files/{name:str}")
async def get_font_file(name: str, request: Asked) -> ASGIResponse:
    """Give out a piece of the font."""
    return page_file(request, _font_files().get(name), A_DAY)


@cache
def _page_files() -> dict[str, Path]:
    return {file.name: file for file in FOLDER.iterdir() if file.suffix in (".js", ".css", ".svg")}


@cache
def _font_files() -> dict[str, Path]:
    return {file.name: file for file in (_FONT / "files").glob("*.woff2")}
