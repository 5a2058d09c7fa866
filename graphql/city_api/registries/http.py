"""Registries over HTTP: files come in by one POST, go out by one GET, bad rows as CSV."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Stream

from city_api.context import Edge, bearer_token
from city_api.media.bodies import body_of, content_length_of, no_more_than
from city_core.audit.entry import network_of
from city_core.cases.command import Command
from city_core.kit.ids import checked_client_id
from city_core.kit.instants import checked_instant
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.places.registries.export import ExportAsked, csv_of, geojson_of
from city_core.places.registries.imports import ImportAsked
from city_core.places.registries.read_csv import guarded
from city_core.places.registries.sight import NOTHING
from city_core.places.registries.write_shapefile import spool, zip_of
from city_core.rules.keepers import check_keeper
from city_core.rules.registry_keepers import begin_import, place_import, take_away

_TYPES = {"geojson": "application/geo+json", "csv": "text/csv; charset=utf-8", "zip": "application/zip"}
_TAME = {"cache-control": "private, no-store", "x-content-type-options": "nosniff", "vary": "authorization"}
_PIECE = 1 << 18


@post("/registries/{registry:str}/imports", request_max_body_size=None, status_code=202)
async def bring_file_in(registry: str, request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Take a file in; a worker brings it into its registry, `placeImport` tells how far it has come."""
    edge: Edge = state.edge
    actor = await _actor(edge, request)
    check_keeper(actor)
    asked = _asked(registry, request)
    asked.checked()
    command = Command(request.query_params.get("clientId", ""))
    most = edge.city.settings.import_limit_bytes
    too_large = CityProblem("IMPORT_TOO_LARGE", field="body", allowed=f"at most {most:,} bytes")
    if (content_length_of(request) or 0) > most:
        raise too_large
    async with aclosing(body_of(request)) as body:
        begun = await begin_import(edge.city, actor, command, asked, no_more_than(body, most, too_large))
    told = {"id": begun["_id"], "state": begun["state"], "fileSha256": begun["file_sha256"]}
    return Response(told, status_code=202, headers=_TAME)


def _asked(registry: str, request: Request[Any, Any, Any]) -> ImportAsked:
    given = request.query_params
    return ImportAsked(
        registry,
        file_name=given.get("fileName", ""),
        datum=given.get("datum", "CGCS2000"),
        layer=given.get("layer"),
        dry_run=_flag(given.get("dryRun"), "dryRun"),
        retire_missing=_flag(given.get("retireMissing"), "retireMissing"),
    )


def _flag(given: str | None, field: str) -> bool:
    if given not in (None, "true", "false"):
        raise CityProblem("REQUEST_INVALID", field=field, allowed="true, false")
    return given == "true"


@get("/registries/{file:str}")
async def take_registry(file: str, request: Request[Any, Any, Any], state: State) -> Response[Any] | Stream:
    """Give a registry out as a file, `components.csv`, with what its reader may see of it."""
    edge: Edge = state.edge
    name, _, format_ = file.rpartition(".")
    given = request.query_params
    actor = await _actor(edge, request)
    asked = ExportAsked(
        name, format_, NOTHING, street=given.get("street"),
        layer=given.get("layer"), type_code=given.get("type"), datum=given.get("datum", "WGS84"),
        changed_since=_instant(given.get("changedSince")),
    )  # fmt: skip
    asked = await take_away(edge.city, actor, asked)
    headers = {**_TAME, "content-disposition": f'attachment; filename="{file}"'}
    rows = {"geojson": geojson_of, "csv": csv_of, "zip": _zip}[format_](edge.city, asked)
    return Stream(rows, media_type=_TYPES[format_], headers=headers)


async def _zip(city: Any, asked: ExportAsked) -> AsyncIterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="places-") as folder:
        spooled = Path(folder) / "rows"
        await spool(city, asked, spooled)
        packed = await asyncio.to_thread(zip_of, asked.checked(), asked, spooled, Path(folder))
        with packed.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _instant(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        return checked_instant(datetime.fromisoformat(given), "changedSince")
    except ValueError as error:
        allowed = "an instant with its offset from UTC"
        raise CityProblem("REQUEST_INVALID", field="changedSince", allowed=allowed) from error


@get("/place-imports/{import_id:str}/bad-rows.csv")
async def take_bad_rows(import_id: str, request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Give the bad rows of an import as CSV, the first thousand faults."""
    edge: Edge = state.edge
    actor = await _actor(edge, request)
    found = await place_import(edge.city, actor, checked_client_id(import_id, "id"))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["row", "field", "zh", "en", "allowed"])
    for fault in found["bad_rows"]:
        writer.writerow([fault["row"], *(guarded(fault[name]) for name in ("field", "zh", "en", "allowed"))])
    headers = {**_TAME, "content-disposition": 'attachment; filename="bad-rows.csv"'}
    return Response("\ufeff" + text.getvalue(), media_type=_TYPES["csv"], headers=headers)


async def _actor(edge: Edge, request: Request[Any, Any, Any]) -> Actor:
    actor = await edge.actor_of(bearer_token(request.headers.get("authorization", "")))
    return replace(actor, origin="web", network=network_of(edge.proxies.address_of(request)))
