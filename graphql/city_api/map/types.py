"""A picture of the map as apps draw it: marks in the datum that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from city_api.enums import Datum, State
from city_api.enums import MapSubject as Subject
from city_api.rows import computed, stored
from city_core.kit.geo import from_wgs84
from city_core.kit.mongo import Row
from city_core.map.heat import HeatCell as Weighed
from city_core.map.picture import Cluster, Feature, MapPicture
from city_core.places.components.model import ComponentState


@strawberry.type(description="So many things in one cell of the map.")
class MapCluster:
    subject: Subject = stored("subject")
    layer: str | None = stored("layer")
    cell: strawberry.ID = stored("cell")
    level: int = stored("level", "The cell's side is that of a tile of this zoom.")
    lng: float = stored("lng", "About the middle of what it holds.")
    lat: float = stored("lat")
    count: int = stored("count")
    late: int | None = stored("late", "How many of the cases are open and late.")


@strawberry.type(description="One thing on the map.")
class MapMark:
    subject: Subject = stored("subject")
    id: strawberry.ID = stored("id")
    layer: str | None = stored("layer")
    lng: float = stored("lng")
    lat: float = stored("lat")
    type_code: str | None = stored("type_code")
    name_zh: str | None = stored("name_zh")
    state: State | None = computed(
        lambda row, _: row.get("state") if row["subject"] is Subject.CASES else None, description="Of a case."
    )
    component_state: ComponentState | None = computed(
        lambda row, _: row.get("state") if row["subject"] is Subject.COMPONENTS else None
    )
    is_late: bool = computed(lambda row, _: bool(row.get("is_late")), description="An open case, late.")
    reported_at: datetime | None = stored("reported_at")
    deadline_at: datetime | None = stored("deadline_at")


@strawberry.type(description="What lies in a part of the map: a bounded number of clusters and marks.")
class MapView:
    clusters: list[MapCluster] = stored("clusters")
    marks: list[MapMark] = stored("marks")
    total: int = stored(
        "total", "Everything in the cells that the part touches; a cell at its border counts whole."
    )
    is_complete: bool = stored("is_complete")
    datum: Datum = stored("datum")


@strawberry.type(description="A cell of the heat map 热力图.")
class HeatCell:
    lng: float = stored("lng")
    lat: float = stored("lat")
    level: int = stored("level")
    count: int = stored("count")
    weight: float = stored("weight", "Its share of the fullest cell, 0 to 1.")


def view_row(picture: MapPicture, datum: Datum) -> Row:
    """Show a picture in a datum."""
    return {
        "clusters": [_cluster_row(cluster, datum) for cluster in picture.clusters],
        "marks": [_mark_row(feature, datum) for feature in picture.features],
        "total": picture.total,
        "is_complete": picture.is_complete,
        "datum": datum,
    }


def heat_rows(cells: Sequence[Weighed], datum: Datum) -> list[Row]:
    """Show a heat map in a datum."""
    return [
        {**_at(cell, datum), "level": cell.level, "count": cell.count, "weight": cell.weight}
        for cell in cells
    ]


def _cluster_row(cluster: Cluster, datum: Datum) -> Row:
    return {
        **_at(cluster, datum),
        "subject": cluster.subject,
        "layer": cluster.layer,
        "cell": f"{cluster.level}-{cluster.cell}",
        "level": cluster.level,
        "count": cluster.count,
        "late": cluster.late,
    }


def _mark_row(feature: Feature, datum: Datum) -> Row:
    return {
        "layer": None,
        **feature.facts,
        **_at(feature, datum),
        "subject": feature.subject,
        "id": feature.id,
    }


def _at(thing: Any, datum: Datum) -> Row:
    lng, lat = from_wgs84((thing.lng, thing.lat), datum.value)
    return {"lng": lng, "lat": lat}
