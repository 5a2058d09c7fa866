"""Signs over HTTP: the page that a scan opens, for anybody, and what is printed, for those who keep signs."""

from __future__ import annotations

from typing import Any, get_args

from litestar import HttpMethod, Request, Response, get, route
from litestar.datastructures import State

from city_api.context import Edge, bearer_token
from city_api.problems import problem_body
from city_api.signs.page import HEADERS, named, page_of, page_of_no_sign
from city_core.kit.geo import Datum
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.signs.codes import in_groups
from city_core.signs.links import HOTLINE, link_to_app, link_to_mini_program
from city_core.signs.print_signs import print_picture, print_sheets
from city_core.signs.scan import Scanned, scan

_KEPT_SECONDS = 60  # whether something is open changes with the minute
_VARY = "accept, accept-language"


@route("/s/{code:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def open_sign(
    code: str, request: Request[Any, Any, Any], state: State, datum: str = "WGS84"
) -> Response[Any]:
    """Show where a sign hangs and what is around; a page for people, JSON for apps."""
    edge: Edge = state.edge
    if datum not in get_args(Datum):
        raise CityProblem("PLACE_INVALID", field="datum", allowed=", ".join(get_args(Datum)))
    scanned = await scan(edge.city, code, datum)  # type: ignore[arg-type]
    language = _language(request.headers.get("accept-language", ""))
    accepted = request.headers.get("accept", "")
    wants_json = "application/json" in accepted and "text/html" not in accepted
    headers = {**HEADERS, "vary": _VARY, "content-language": language}
    if scanned is None:
        gone: Any = problem_body(CityProblem("SIGN_UNKNOWN")) if wants_json else page_of_no_sign(language)
        return _answer(gone, wants_json, {**headers, "cache-control": "no-store"}, status=404)
    shown: Any = (
        _as_json(edge, scanned, language) if wants_json else page_of(edge.city.settings, scanned, language)
    )
    return _answer(shown, wants_json, {**headers, "cache-control": f"public, max-age={_KEPT_SECONDS}"})


@get("/signs/sheet.pdf")
async def get_sheet(request: Request[Any, Any, Any], state: State, ids: str = "") -> Response[bytes]:
    """Give out sheets of signs to print."""
    edge: Edge = state.edge
    actor = await edge.actor_of(bearer_token(request.headers.get("authorization", "")))
    sheets = await print_sheets(edge.city, actor, ids.split(","))
    return _printed(sheets, "application/pdf", "signs.pdf")


@get("/signs/sheet.png")
async def get_picture(request: Request[Any, Any, Any], state: State, ids: str = "") -> Response[bytes]:
    """Give out one sign as a picture."""
    edge: Edge = state.edge
    actor = await edge.actor_of(bearer_token(request.headers.get("authorization", "")))
    picture = await print_picture(edge.city, actor, ids.split(","))
    return _printed(picture, "image/png", "sign.png")


def _printed(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {
        "cache-control": "private, no-store",
        "content-disposition": f'inline; filename="{name}"',
        "x-content-type-options": "nosniff",
    }
    return Response(body, media_type=media_type, headers=headers)


def _answer(body: Any, is_json: bool, headers: dict[str, str], status: int = 200) -> Response[Any]:
    media_type = "application/json" if is_json else "text/html"
    return Response(body, status_code=status, media_type=media_type, headers=headers)


def _language(asked: str) -> str:
    return "en" if asked.lower().lstrip().startswith("en") else "zh"


def _as_json(edge: Edge, scanned: Scanned, language: str) -> Row:
    sign, settings = scanned.sign, edge.city.settings
    lng, lat = scanned.lng_lat
    point = scanned.point
    return {
        "code": in_groups(sign["code"]),
        "subject": sign["subject"],
        "name": named(sign, language),
        "address": scanned.address,
        "lng": lng, "lat": lat, "datum": scanned.datum,
        "streetCode": sign["street_code"], "streetName": scanned.street_name,
        "communityName": scanned.community_name,
        "component": scanned.component and {
            "code": scanned.component["_id"], "typeCode": scanned.component["type_code"],
            "nameZh": scanned.component.get("name_zh") or "",
        },
        "point": point and {
            "id": point["_id"], "layer": point["layer"], "name": named(point, language),
            "isOpen": point["is_open"], "hoursToday": point["hours_today"],
        },
        "around": [_around(row, language) for row in scanned.around],
        "report": {
            "signCode": sign["code"], "componentCode": sign["component_code"],
            "typeCode": scanned.type_code, "app": link_to_app(settings, sign["code"]),
            "miniProgram": link_to_mini_program(settings, sign["code"]), "hotline": HOTLINE,
        },
    }  # fmt: skip


def _around(row: Row, language: str) -> Row:
    lng, lat = row["lng_lat"]
    return {
        "id": row["_id"], "layer": row["layer"], "name": named(row, language), "address": row["address"],
        "telephone": row["phone"], "lng": lng, "lat": lat, "distanceM": round(row["distance_m"]),
        "isOpen": row["is_open"], "hoursToday": row["hours_today"],
    }  # fmt: skip
