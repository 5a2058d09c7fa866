"""Signs as those who keep them see them, and as whoever stands before one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.catalogue.types import CaseType
from city_api.enums import Datum, PointState
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_api.signs.words import SignState, SignSubject
from city_core.kit.mongo import Row
from city_core.signs.codes import in_groups
from city_core.signs.links import page_of_sign
from city_core.signs.scan import Scanned

if TYPE_CHECKING:
    from city_api.context import Context


def _type(type_code: str | None, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.types.get(type_code or ""))


def _wgs84(axis: int) -> Callable[[Row, Any], float]:
    return lambda row, _: row["point"]["coordinates"][axis]


def _name(row: Any, context: Context) -> str:
    """Name a thing in the language asked for; Chinese where it has no English name."""
    return str((context.language == "en" and row.get("name_en")) or row["name_zh"])


def _layer_name(row: Row, context: Context) -> str:
    layer = row["layer_row"]
    return str(layer.name_en if context.language == "en" else layer.name_zh)


@strawberry.type(description="A sign 标牌 with a QR code, for those who keep it.")
class Sign:
    id: strawberry.ID = stored("_id")
    code: str = computed(lambda sign, _: in_groups(sign["code"]), description="As printed: ABCD-EFGH-JKLM.")
    url: str = computed(
        lambda sign, context: page_of_sign(context.city.settings, sign["code"]),
        description="What its QR code holds.",
    )
    subject: SignSubject = stored("subject")
    component_code: str | None = stored("component_code")
    point_id: strawberry.ID | None = stored("point_id")
    name_zh: str = stored("name_zh")
    address: str = stored("address")
    wgs84_lng: float = computed(_wgs84(0), description="In WGS-84, degrees.")
    wgs84_lat: float = computed(_wgs84(1))
    grid_code: str = stored("grid_code", "Unit grid 单元网格.")
    street_code: str = stored("street_code")
    state: SignState = stored("state")
    version: int = stored("version")
    made_at: datetime = stored("made_at")
    printed_at: datetime | None = stored("printed_at", "When a sheet with it was last made.")


@strawberry.type(description="Signs that were made, in the order in which they were asked for.")
class MadeSigns:
    signs: list[Sign] = computed(lambda rows, _: rows)


@strawberry.type(description="One page of signs, those made last first.")
class SignConnection:
    nodes: list[Sign] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


@strawberry.type(description="A point 点位 whose state staff have set.")
class ReportedPoint:
    id: strawberry.ID = stored("_id")
    layer: str = stored("layer")
    name_zh: str = stored("name_zh")
    state: PointState = stored("state")
    version: int = stored("version")


@strawberry.type(description="A convenience point 便民点位 near a sign.")
class PointAround:
    id: strawberry.ID = stored("_id")
    layer: str = stored("layer")
    layer_name: str = computed(_layer_name)
    name: str = computed(_name)
    address: str = stored("address")
    telephone: str = stored("phone", "Its own public number.")
    lng: float = computed(lambda row, _: row["lng_lat"][0], description="In the datum asked for.")
    lat: float = computed(lambda row, _: row["lng_lat"][1])
    distance_m: float = stored("distance_m", "As the crow flies, metres.")
    state: PointState = stored("state")
    is_open: bool = stored("is_open", "Now.")
    hours_today: list[str] = stored("hours_today", "Such as 05:30-22:00; none: always open, or not today.")


@strawberry.type(description="The component 部件 that a sign hangs at.")
class SignedComponent:
    code: strawberry.ID = stored("_id")
    name_zh: str = stored("name_zh")
    type_code: str = stored("type_code")
    type: CaseType | None = computed(lambda row, context: _type(row["type_code"], context))


@strawberry.type(description="The point 点位 that a sign hangs at.")
class SignedPoint:
    id: strawberry.ID = stored("_id")
    layer: str = stored("layer")
    name: str = computed(_name)
    telephone: str = stored("phone", "Its own public number.")
    state: PointState = stored("state")
    is_open: bool = stored("is_open", "Now.")
    hours_today: list[str] = stored("hours_today")


@strawberry.type(description="A report to begin with: given `signCode`, the city fills in the place.")
class SignedDraft:
    sign_code: str = computed(lambda scanned, _: scanned.sign["code"])
    lng: float = computed(lambda scanned, _: scanned.lng_lat[0], description="For a phone without a fix.")
    lat: float = computed(lambda scanned, _: scanned.lng_lat[1])
    datum: Datum = computed(lambda scanned, _: scanned.datum)
    address: str = computed(lambda scanned, _: scanned.address)
    component_code: str | None = computed(lambda scanned, _: scanned.sign["component_code"])
    type_code: str | None = computed(
        lambda scanned, _: scanned.type_code, description="What a report from here most likely is about."
    )
    type: CaseType | None = computed(lambda scanned, context: _type(scanned.type_code, context))


def _of_sign(key: str) -> Callable[[Scanned, Any], Any]:
    return lambda scanned, _: scanned.sign[key]


@strawberry.type(description="A sign 标牌 as whoever stands before it sees it.")
class ScannedSign:
    code: str = computed(lambda scanned, _: in_groups(scanned.sign["code"]))
    subject: SignSubject = computed(_of_sign("subject"))
    name: str = computed(lambda scanned, context: _name(scanned.sign, context))
    name_zh: str = computed(_of_sign("name_zh"))
    address: str = computed(lambda scanned, _: scanned.address)
    lng: float = computed(lambda scanned, _: scanned.lng_lat[0], description="In the datum asked for.")
    lat: float = computed(lambda scanned, _: scanned.lng_lat[1])
    datum: Datum = computed(lambda scanned, _: scanned.datum)
    street_code: str = computed(_of_sign("street_code"))
    street_name: str = computed(lambda scanned, _: scanned.street_name)
    community_name: str = computed(lambda scanned, _: scanned.community_name)
    component: SignedComponent | None = computed(lambda scanned, _: scanned.component)
    point: SignedPoint | None = computed(lambda scanned, _: scanned.point)
    around: list[PointAround] = computed(
        lambda scanned, _: scanned.around,
        description="The two nearest of each layer, the nearest first.",
    )
    draft: SignedDraft = computed(lambda scanned, _: scanned)
