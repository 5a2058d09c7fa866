"""Asks every route that is not GraphQL, as everybody, about own, foreign and missing objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from city_api.policy.routes import route_rules
from tests.api.policy.actors import ACTORS, DISABLED, NOBODY
from tests.api.policy.answers import Answers, Cell
from tests.api.policy.asking import NO_OBJECT, in_turn_or_together
from tests.api.policy.seeded import FOREIGN, MISSING, OWN, Ids
from tests.api.policy.seeded_files import link_of
from tests.api.support import Api, new_uuid, photo_bytes
from tests.api.tus_phone import PIECE, TUS, metadata

# Where a sign-in says nothing, few are enough.
_FEW = (NOBODY, "citizen-1", "inspector-1", "inspector-far", "leader-1", "auditor-1", DISABLED)
_ANY_SIGN_IN = ("ANYONE", "LINK", "BY_FIELD", "MACHINE_KEY")
_NEAR, _THERE, _NOWHERE = "118.05,36.80,118.06,36.81", "118.07,36.80,118.08,36.81", "117.0,35.0,117.01,35.01"
_TILES = {OWN: "16/54259/25552", FOREIGN: "16/54262/25552", MISSING: "16/54000/25000"}
_PHOTO = photo_bytes("red")
_FONT = "noto-sans-sc-100-wght-normal.woff2"


@dataclass(frozen=True)
class Question:
    """One request: what it is about, its method, address and the rest, and for which rule it is asked."""

    method: str
    route: str
    whose: str
    address: str
    kind: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict)
    rule: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        return f"{self.method} {self.route}"

    @property
    def asked_rule(self) -> str:
        return route_rules()[self.rule if self.rule[0] else (self.route, self.method)]

    @property
    def actors(self) -> tuple[str, ...]:
        return _FEW if self.asked_rule in _ANY_SIGN_IN else ACTORS


def questions(ids: Ids) -> list[Question]:
    """List what is asked of the routes."""
    return [*_plain(), *_about_objects(ids), *_photos(ids), *_uploads(ids)]


def route_cells(ids: Ids) -> set[Cell]:
    """Name every cell that there has to be of routes."""
    return {(one.name, one.whose, who) for one in questions(ids) for who in one.actors}


def routes_without_question(ids: Ids) -> set[tuple[str, str]]:
    """Name the rows of routes.csv that nothing is asked of; connections are asked beside."""
    asked = {one.rule if one.rule[0] else (one.route, one.method) for one in questions(ids)}
    return {route for route in route_rules() if route[1] != "WEBSOCKET"} - asked


async def ask_routes(api: Api, answers: Answers, ids: Ids, headers: Mapping[str, Any], key: str) -> None:
    """Ask and note the status, the code of a refusal, what says how to keep it, and the words."""
    for one in questions(ids):
        if one.kind:
            answers.kinds[one.name] = one.kind
        asks = [_ask(api, answers, one, who, headers[who], key) for who in one.actors]
        await in_turn_or_together(asks, is_in_turn=one.method not in ("GET", "HEAD"))


async def _ask(
    api: Api, answers: Answers, one: Question, who: str, signed_in: Mapping[str, str], key: str
) -> None:
    address, rest = one.address, {**one.rest}
    if one.kind == "link":
        address = await link_of(api, who, one.whose, datetime.now(UTC))
    rest["headers"] = {**signed_in, **rest.get("headers", {})}
    if one.route == "/uploads":
        rest["headers"]["upload-metadata"] = metadata(mediaId=new_uuid())
    if one.route == "/eye/frames" and one.whose == OWN:
        rest["headers"]["authorization"] = f"Machine {key}"
    told = await api.http.request(one.method, address.replace("NEW", new_uuid()), timeout=60, **rest)
    code = ""
    if told.status_code >= 400 and told.content:
        code = str(told.json().get("code") or told.json()["errors"][0]["extensions"]["code"])
    kept = {name: told.headers.get(name) for name in ("content-type", "cache-control", "vary")}
    words = f"{told.status_code} {kept} {told.content.decode('utf-8', 'replace')}"
    answers.note((one.name, one.whose, who), f"{told.status_code} {code}".strip(), words)


def _plain() -> Iterator[Question]:
    me = "{ me { id } }"
    yield Question("GET", "/graphql", NO_OBJECT, "/graphql", rest={"params": {"query": me}})
    yield Question("POST", "/graphql", NO_OBJECT, "/graphql", rest={"json": {"query": me}})
    for route in ("/health/live", "/health/ready", "/map"):
        yield Question("GET", route, NO_OBJECT, route)
    for route in ("/map/borders.geojson", "/map/legend.json", "/map/changes"):
        yield Question("GET", route, NO_OBJECT, route)
    for part in ("", "/queues/{queue}", "/queues/{queue}/jobs/{job}"):
        filled = part.format(queue="jobs", job="none")
        yield Question("GET", f"/wakes{part}", NO_OBJECT, f"/wakes{filled}")
        if part:
            yield Question("GET", f"/wakes/api{part}", NO_OBJECT, f"/wakes/api{filled}")
    yield Question("GET", "/wakes/api/queues", NO_OBJECT, "/wakes/api/queues")
    yield Question("GET", "/wakes/page/{name}", NO_OBJECT, "/wakes/page/app.js")
    wait = {"scopes": "MY_REPORTS", "seconds": "0"}
    yield Question("GET", "/sync/wait", NO_OBJECT, "/sync/wait", rest={"params": wait})
    for whose in (OWN, MISSING):
        yield Question("POST", "/eye/frames", whose, "/eye/frames", rest={"files": {"frames": (None, "[]")}})
        name = "main.js" if whose == OWN else "none.js"
        yield Question("GET", "/map/page/{name}", whose, f"/map/page/{name}")
        yield Question("GET", "/map/lib/{name}", whose, f"/map/lib/{'ol.js' if whose == OWN else name}")
        font = _FONT if whose == OWN else name
        yield Question("GET", "/map/lib/files/{name}", whose, f"/map/lib/files/{font}")
        registry = "components" if whose == OWN else "nothing"
        begun = {"params": {"clientId": "NEW", "fileName": "a.csv"}, "content": b"x"}
        route = "/registries/{registry}/imports"
        yield Question("POST", route, whose, f"/registries/{registry}/imports?clientId=NEW&fileName=a.csv",
                       rest={"content": begun["content"]})  # fmt: skip
        yield Question("GET", "/registries/{file}", whose, f"/registries/{registry}.csv")
    for registry in ("grid_elements", "points", "unit_grids"):
        yield Question("GET", "/registries/{file}", registry, f"/registries/{registry}.csv")


def _about_objects(ids: Ids) -> Iterator[Question]:
    for whose, box in ((OWN, _NEAR), (FOREIGN, _THERE), (MISSING, _NOWHERE)):
        sides = dict(zip(("west", "south", "east", "north"), box.split(","), strict=True))
        yield Question("GET", "/map/view", whose, "/map/view", rest={"params": {**sides, "zoom": "18"}})
        route = "/map/tiles/{zoom}/{column}/{file}"
        yield Question("GET", route, whose, f"/map/tiles/{_TILES[whose]}.mvt")
        token = ids["token"][whose]
        yield Question("GET", "/similar/{token}", whose, f"/similar/{token}", "token")
        request_id = ids["dataRequestId"][whose]
        yield Question("GET", "/my-data/{request_id}", whose, f"/my-data/{request_id}.zip", "dataRequestId")
        for kind in ("png", "pdf"):
            address = f"/signs/sheet.{kind}?ids={ids['signId'][whose]}"
            yield Question("GET", f"/signs/sheet.{kind}", whose, address, "signId")
    for whose in (OWN, MISSING):
        for method in ("GET", "HEAD"):
            yield Question(method, "/s/{code}", whose, f"/s/{ids['signCode'][whose]}", rest=_JSON)
        address = f"/place-imports/{ids['importId'][whose]}/bad-rows.csv"
        yield Question("GET", "/place-imports/{import_id}/bad-rows.csv", whose, address, "importId")


_JSON = {"headers": {"accept": "application/json"}}


def _photos(ids: Ids) -> Iterator[Question]:
    for whose in (OWN, FOREIGN, MISSING):
        address = f"/media/{ids['mediaId'][whose]}"
        for method in ("GET", "HEAD"):
            yield Question(method, "/media/{media_id}", whose, address, "mediaId")
            yield Question(method, "/media/{media_id}/{size}", whose, address, "link")
        of_component = f"/media/{ids['photoOfComponentId'][whose]}"
        for method in ("GET", "HEAD"):
            yield Question(method, "/media/{media_id} of a component", whose, of_component,
                           "photoOfComponentId", rule=("/media/{media_id}", method))  # fmt: skip
        sent = address if whose != MISSING else "/media/NEW"
        yield Question("PUT", "/media/{media_id}", whose, sent, rest={"content": _PHOTO})
        form = {"file": ("a.jpg", _PHOTO, "image/jpeg")}
        yield Question("POST", "/media/{media_id}", whose, sent, rest={"files": form})


def _uploads(ids: Ids) -> Iterator[Question]:
    rule = ("/uploads", "*")
    for whose in (OWN, FOREIGN, MISSING):
        begun = {**TUS, "upload-length": "9000"}
        if whose == MISSING:
            yield Question("POST", "/uploads", NO_OBJECT, "/uploads", "", {"headers": begun}, rule)
        address, route = f"/uploads/{ids['uploadId'][whose]}", "/uploads/{id}"
        piece = {"headers": {**PIECE, "upload-offset": "0"}, "content": b"\xff\xd8\xff"}
        yield Question("HEAD", route, whose, address, "uploadId", {"headers": TUS}, rule)
        yield Question("PATCH", route, whose, address, "uploadId", piece, rule)
        yield Question("DELETE", route, whose, address, "uploadId", {"headers": TUS}, rule)
