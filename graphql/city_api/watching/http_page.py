"""SAQ's web page with the queues of wake-ups, at `/wakes`: for the keeper of the rules, read-only.

The page and its scripts show nothing by themselves; what they read is under the rule of its route.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.response.base import ASGIResponse
from saq.web.common import STATIC_PATH

from city_api.context import Edge, bearer_token
from city_api.page_files import Asked, page_file
from city_core.operation.wakes import wake_of_queue, wakes_of_queue, wakes_of_queues

FOLDER = Path(__file__).parents[2] / "work_page"
_FILES = {
    "work_page.js": FOLDER / "work_page.js",
    "work_page.css": FOLDER / "work_page.css",
    "app.js": STATIC_PATH / "app.js",
    "snabbdom.js": STATIC_PATH / "snabbdom.js.gz",
    "pico.min.css": STATIC_PATH / "pico.min.css.gz",
}


@get(["/wakes", "/wakes/queues/{queue:str}", "/wakes/queues/{queue:str}/jobs/{job:str}"])
async def get_work_page(request: Asked) -> ASGIResponse:
    """Show the page, which asks whoever opens it to sign in."""
    return page_file(request, FOLDER / "index.html")


@get("/wakes/page/{name:str}")
async def get_work_file(name: str, request: Asked) -> ASGIResponse:
    """Give out a script or a style of the page."""
    return page_file(request, _FILES.get(name))


@get("/wakes/api/queues")
async def get_queues(request: Asked) -> dict[str, Any]:
    """Tell how many wake-ups each queue has."""
    edge, actor = await _asker(request)
    return {"queues": await wakes_of_queues(edge.city, actor)}


@get("/wakes/api/queues/{queue:str}")
async def get_queue(queue: str, request: Asked) -> dict[str, Any]:
    """Tell of one queue, with its next wake-ups."""
    edge, actor = await _asker(request)
    return {"queue": _found(await wakes_of_queue(edge.city, actor, queue))}


@get("/wakes/api/queues/{queue:str}/jobs/{job:str}")
async def get_job(queue: str, job: str, request: Asked) -> dict[str, Any]:
    """Tell of one wake-up, while it is there."""
    edge, actor = await _asker(request)
    return {"job": _found(await wake_of_queue(edge.city, actor, queue, job))}


async def _asker(request: Asked) -> tuple[Edge, Any]:
    edge: Edge = request.app.state.edge
    return edge, await edge.actor_of(bearer_token(request.headers.get("authorization", "")))


def _found(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise NotFoundException
    return row
