"""Imports, rows of registries and their histories, as staff see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_core.kit.mongo import Row
from city_core.places.registries.model import ImportState
from city_core.places.registries.values import write_json

if TYPE_CHECKING:
    from city_api.context import Context

strawberry.enum(ImportState, name="PlaceImportState", description="How far an import 导入 has come.")


def _in_language(fault: Row, context: Context) -> str:
    return str(fault["en"] if context.language == "en" else fault["zh"])


@strawberry.type(description="One thing that is wrong with a row of a file.")
class PlaceFault:
    row: int = stored("row", "Its number in the file; a CSV's head is row 1. 0: the whole file.")
    field: str = stored("field")
    message: str = computed(_in_language)
    allowed: str = stored("allowed")


def _by_name(row: Any, context: Context) -> Any:
    return context.names.name(row.get("by") or row.get("person_id"))


@strawberry.type(description="A file that is brought into a registry 名录导入.")
class PlaceImport:
    id: strawberry.ID = stored("_id")
    registry: str = stored("registry")
    file_name: str = stored("file_name")
    file_sha256: str = stored("file_sha256")
    layer: str | None = stored("layer")
    datum: str = stored("datum")
    dry_run: bool = stored("dry_run")
    retire_missing: bool = stored("retire_missing")
    state: ImportState = stored("state")
    rows_done: int = stored("rows_done")
    rows_total: int | None = stored("rows_total", "Known when the file was read once.")
    new: int = stored("new")
    changed: int = stored("changed")
    unchanged: int = stored("unchanged")
    refused: int = stored("refused")
    kept: int = stored("kept", "Rows on which something stays that people changed since the last import.")
    retired: int = stored("retired")
    passed_over: list[str] = stored("passed_over", "Columns that no registry knows.")
    bad_rows: list[PlaceFault] = computed(
        lambda row, _: (row.get("bad_rows") or [])[:100], description="The first hundred; all as CSV."
    )
    failure: PlaceFault | None = stored("failure", "Why the whole file was refused.")
    by_name: str | None = computed(_by_name, later=True)
    at: datetime = stored("at")
    began_at: datetime | None = stored("began_at")
    ended_at: datetime | None = stored("ended_at")


@strawberry.type(description="A page of imports, the newest first.")
class PlaceImportsPage:
    nodes: list[PlaceImport] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


def _middle(axis: int) -> Any:
    def show(row: Row, _: Any) -> float | None:
        point = row.get("point") or row.get("centre")
        return float(point["coordinates"][axis]) if point else None

    return show


@strawberry.type(description="A row of a registry 名录.")
class RegistryRow:
    id: strawberry.ID = stored("_id")
    name_zh: str | None = stored("name_zh")
    type_code: str | None = stored("type_code")
    layer: str | None = stored("layer")
    state: str | None = stored("state")
    grid_code: str | None = stored("grid_code")
    community_code: str | None = stored("community_code")
    street_code: str | None = stored("street_code")
    responsibility_grid_id: str | None = stored("responsibility_grid_id")
    valid_to: str | None = stored("valid_to", "The first day on which it is no more.")
    lng: float | None = computed(_middle(0), description="WGS-84.")
    lat: float | None = computed(_middle(1))
    version: int = computed(lambda row, _: row.get("version") or 1)
    updated_at: datetime | None = stored("updated_at")


@strawberry.type(description="A page of rows of a registry.")
class RegistryPage:
    nodes: list[RegistryRow] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


def _json_of(name: str) -> Any:
    return computed(lambda row, _: write_json(row.get(name) or {}), description="JSON: field, value.")


@strawberry.type(description="One change of a row of a registry 变更记录.")
class RegistryChange:
    kind: str = stored("kind")
    at: datetime = stored("at")
    by_name: str | None = computed(_by_name, later=True)
    import_id: strawberry.ID | None = stored("import_id")
    before: str = _json_of("before")
    after: str = _json_of("after")
    note: str = computed(lambda row, _: row.get("note") or "")


@strawberry.type(description="A page of changes, the newest first.")
class RegistryChangesPage:
    nodes: list[RegistryChange] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))
