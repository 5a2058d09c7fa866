"""Layers 图层 of the one map: which there are, who may see each, and which a citizen looks for near by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.cells import choice, text, yes_no
from city_core.kit.rulebook.store import Rulebook
from city_core.kit.rulebook.tables import Content, Table

AUDIENCES = ("EVERYBODY", "STAFF")
_TABLE = Table(
    "layers",
    (
        text("layer", most=40),
        text("name_zh", most=40),
        text("name_en", most=60),
        choice("audience", AUDIENCES),
        yes_no("is_convenience"),
        yes_no("has_stream"),
    ),
    key=("layer",),
)


@dataclass(frozen=True)
class Layer:
    """A layer of points; `is_convenience`: citizens look for it near by, `has_stream`: its points are
    cameras."""

    layer: str
    name_zh: str
    name_en: str
    audience: str
    is_convenience: bool
    has_stream: bool


Layers = Mapping[str, Layer]


def _compiled(content: Content) -> Layers:
    return {row["layer"]: Layer(**row) for row in content["layers"]}


def _row(
    layer: str, name_zh: str, name_en: str, audience: str, near_by: bool, stream: bool
) -> dict[str, object]:
    return {
        "layer": layer, "name_zh": name_zh, "name_en": name_en, "audience": audience,
        "is_convenience": near_by, "has_stream": stream,
    }  # fmt: skip


_DEFAULT = [
    _row("toilet", "公共厕所", "Public toilets", "EVERYBODY", True, False),
    _row("parking", "停车场", "Parking", "EVERYBODY", True, False),
    _row("car_wash", "洗车点", "Car washes", "EVERYBODY", True, False),
    _row("police_box", "治安岗亭", "Police boxes", "EVERYBODY", True, False),
    _row("charging", "充电桩", "Charging points", "EVERYBODY", True, False),
    _row("rest_stop", "爱心驿站", "Rest stops", "EVERYBODY", True, False),
    _row("shelter", "应急避难场所", "Emergency shelters", "EVERYBODY", True, False),
    _row("transfer_station", "垃圾转运站", "Refuse transfer stations", "STAFF", False, False),
    _row("pump_station", "排水泵站", "Pump stations", "STAFF", False, False),
    _row("building_site", "建筑工地", "Building sites", "STAFF", False, False),
    _row("restaurant", "餐饮单位", "Restaurants", "STAFF", False, False),
    _row("camera", "视频监控", "Cameras", "STAFF", False, True),
]
LAYERS_BOOK: Rulebook[Layers] = Rulebook("layers", (_TABLE,), compile=_compiled, default={"layers": _DEFAULT})


def known_layer(layers: Layers, layer: str, *, staff: bool, field: str = "layer") -> Layer:
    """Find a layer that somebody may see; one that is not theirs looks like one that is not there."""
    found = layers.get(layer)
    if found is None or (found.audience == "STAFF" and not staff):
        seen = [name for name, row in layers.items() if staff or row.audience == "EVERYBODY"]
        raise CityProblem("LAYER_UNKNOWN", field=field, allowed=", ".join(seen))
    return found


def is_for_everybody(layers: Layers, layer: str) -> bool:
    """Tell whether everybody may be told of the points of a layer."""
    return layer in layers and layers[layer].audience == "EVERYBODY"
