"""The API process: its routes, and how it opens and closes the city."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from litestar import HttpMethod, Litestar, Request, Response, WebSocket, route, websocket
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from city_api.catalogue.dictionary import open_dictionary
from city_api.client_policy.enforce import refuse_old_apps
from city_api.compression import compressed_but_for
from city_api.context import Edge
from city_api.contract.published import open_published
from city_api.duplicates.http import get_glimpse
from city_api.eye.http import hand_in_frames
from city_api.guard.charge import charge_file
from city_api.guard.hostile import check_address
from city_api.health import Health, live, ready
from city_api.map.http import BaseMap, get_borders, get_changes, get_legend, get_tile, get_view
from city_api.map.http_page import get_font_file, get_library_file, get_page, get_page_file
from city_api.media.http import post_photo, put_photo
from city_api.media.reading import get_linked_photo, get_photo
from city_api.media.turns import Turns
from city_api.media.tus import uploads
from city_api.policy.routes import ask_rule, check_routes
from city_api.pressure.entrance import Doors, Entrance
from city_api.pressure.gate import Overloaded
from city_api.pressure.patience import Patience
from city_api.pressure.primary import PrimaryWatch
from city_api.privacy.http import get_my_data
from city_api.problems import log_unexpected, problem_body, retry_headers, seen_as_problem
from city_api.registries.http import bring_file_in, take_bad_rows, take_registry
from city_api.schema import city_schema
from city_api.serve_graphql import MOST_BODY_BYTES, answer_graphql
from city_api.serve_sockets import serve_socket
from city_api.signs.http import get_picture, get_sheet, open_sign
from city_api.sockets.open_sockets import OpenSockets, SocketRules
from city_api.sync.http import WaitingRoom, wait_for_news
from city_api.watching.http_page import get_job, get_queue, get_queues, get_work_file, get_work_page
from city_api.watching.requests import watch_requests
from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.doing import note_refusal
from city_core.kit.metrics import count_sockets_with
from city_core.kit.problems import CityProblem
from city_core.notify.text_messages import check_text_messages
from city_core.settings import Settings, WrongSetting, read_settings

# Photos are compressed already, and their ETag is that of the bytes as they are; the map packs its own.
_COMPRESSED = compressed_but_for(
    "^/media", "^/uploads", "^/similar", "^/signs", "^/health", "^/map", "^/my-data", "^/wakes/page",
    r"^/registries/.*\.zip$",
)  # fmt: skip
T = TypeVar("T")


@route(
    "/graphql", http_method=[HttpMethod.GET, HttpMethod.POST], request_max_body_size=MOST_BODY_BYTES
)  # fmt: skip
async def graphql_over_http(request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Answer one query or command."""
    return await answer_graphql(request, state.edge, state.schema)


@websocket("/graphql")
async def graphql_over_websocket(socket: WebSocket[Any, Any, Any], state: State) -> None:
    """Serve one phone's connection."""
    await serve_socket(socket, state.edge, state.schema, state.sockets)


def create_app(
    settings: Settings | None = None, city: City | None = None, *, socket_rules: SocketRules | None = None
) -> Litestar:
    """Make the API process; opens the city itself unless it is handed an open one."""
    chosen = city.settings if city is not None else settings or _or_exit(read_settings)
    _or_exit(lambda: check_text_messages(chosen))
    schema = city_schema(introspection=chosen.environment == "development")
    published = _or_exit(lambda: open_published(chosen, schema.reader))

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        open_already = city or app.state.get("city")
        given = contextlib.nullcontext(open_already) if open_already is not None else None
        async with given or open_city(chosen, app_name="yiwang-api") as opened:
            dictionary = open_dictionary(opened)
            app.state.edge = Edge(opened, dictionary, published.documents, published.policies)
            app.state.base_map = BaseMap(opened)
            app.state.sockets = OpenSockets(opened, socket_rules or SocketRules())
            app.state.health = Health(opened)
            count_sockets_with(app.state.sockets.__len__)
            watching = [
                asyncio.create_task(app.state.sockets.watch()),
                asyncio.create_task(PrimaryWatch(opened, app.state.doors).watch()),
            ]
            yield
            for watch in watching:
                watch.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            await app.state.edge.tills.close()
            await app.state.health.close()

    app = Litestar(
        [
            graphql_over_http,
            graphql_over_websocket,
            put_photo,
            post_photo,
            get_photo,
            get_linked_photo,
            uploads,
            get_glimpse,
            hand_in_frames,
            wait_for_news,
            open_sign,
            get_sheet,
            get_picture,
            bring_file_in,
            take_registry,
            take_bad_rows,
            get_my_data,
            get_tile,
            get_view,
            get_changes,
            get_borders,
            get_legend,
            get_page,
            get_page_file,
            get_library_file,
            get_font_file,
            get_work_page,
            get_work_file,
            get_queues,
            get_queue,
            get_job,
            live,
            ready,
        ],
        lifespan=[lifespan],
        compression_config=_COMPRESSED,
        openapi_config=None,
        guards=[ask_rule],
        middleware=[Entrance],
        before_request=_let_in,
        exception_handlers={
            CityProblem: _refused,
            HTTPException: _not_understood,
            Exception: _failed,
        },
    )
    watch_requests(app, chosen.slow_request_milliseconds)
    check_routes(app)
    app.state.schema = schema
    app.state.doors = Doors.of(chosen)
    app.state.waiting = WaitingRoom()
    app.state.bodies = Patience()
    app.state.turns = Turns()
    app.state.operations_of_map = published.operations_of("seat")
    return app


async def _let_in(request: Request[Any, Any, Any]) -> None:
    check_address(request)
    await charge_file(request)
    await refuse_old_apps(request)


def _or_exit(read: Callable[[], T]) -> T:
    try:
        return read()
    except WrongSetting as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(2)


def _refused(_: Any, problem: CityProblem) -> Response[Any]:
    note_refusal(problem.code)
    headers = retry_headers(problem)
    again = {"retry-after": str(problem.seconds)} if isinstance(problem, Overloaded) else headers
    return Response(problem_body(problem), status_code=problem.kind.http_status, headers=_headers(again))


def _not_understood(_: Any, error: HTTPException) -> Response[Any]:
    note_refusal("REQUEST_INVALID")
    body = problem_body(CityProblem("REQUEST_INVALID"))
    return Response(body, status_code=error.status_code, headers=_headers({}))


def _failed(_: Any, error: Exception) -> Response[Any]:
    problem = seen_as_problem(error)
    note_refusal(problem.code)
    return Response(
        problem_body(problem, log_unexpected(error)),
        status_code=problem.kind.http_status,
        headers=_headers(retry_headers(problem)),
    )


def _headers(more: dict[str, str]) -> dict[str, str]:
    """A refusal is for now: what is refused may be there in a moment, or to somebody else."""
    return {"cache-control": "no-store", "x-content-type-options": "nosniff", **more}
