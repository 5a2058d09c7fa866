"""How one street is laid out: where pavement, road and houses lie, of what they are made, in what light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from city_workers.detection.scenes.model import Color

PAVINGS = ("slabs", "bricks", "asphalt", "concrete")
VERGES = ("none", "grass", "soil", "gravel", "leaves")
GREYS: tuple[Color, ...] = (
    (150, 148, 142),
    (172, 166, 155),
    (126, 124, 122),
    (178, 158, 142),
    (140, 108, 96),
)
ROADS: tuple[Color, ...] = ((92, 93, 96), (112, 110, 108), (76, 78, 82), (134, 130, 124))
WALLS: tuple[Color, ...] = (
    (196, 184, 164),
    (170, 120, 96),
    (205, 205, 200),
    (148, 152, 158),
    (214, 190, 140),
    (120, 92, 82),
)


@dataclass(frozen=True)
class Street:
    """The fixed facts of one rendered street, drawn from a seed."""

    pavement_m: float
    road_m: float
    paving: str
    paving_color: Color
    road_color: Color
    tile_m: float
    verge: str
    verge_m: float
    wall_palette: int
    house_m: float
    storeys_m: float
    crossing_z: float
    has_tactile: bool
    weather: str
    light: float
    warmth: float
    salt: float


def lay_street(rng: np.random.Generator) -> Street:
    """Lay out a street: every choice comes from `rng`, none from the clock."""
    weather = str(rng.choice(["clear", "overcast", "dusk", "rain"], p=[0.45, 0.28, 0.14, 0.13]))
    dim = {"clear": 1.0, "overcast": 0.86, "dusk": 0.62, "rain": 0.8}[weather]
    return Street(
        pavement_m=float(rng.uniform(2.6, 5.5)),
        road_m=float(rng.uniform(6, 13)),
        paving=str(rng.choice(PAVINGS, p=[0.42, 0.26, 0.12, 0.2])),
        paving_color=_wobbled(GREYS[rng.integers(len(GREYS))], rng),
        road_color=_wobbled(ROADS[rng.integers(len(ROADS))], rng),
        tile_m=float(rng.uniform(0.2, 0.62)),
        verge=str(rng.choice(VERGES, p=[0.4, 0.25, 0.13, 0.1, 0.12])),
        verge_m=float(rng.uniform(0.5, 1.8)),
        wall_palette=int(rng.integers(len(WALLS))),
        house_m=float(rng.uniform(6, 14)),
        storeys_m=float(rng.uniform(6, 24)),
        crossing_z=float(rng.uniform(2.5, 26)),
        has_tactile=bool(rng.random() < 0.5),
        weather=weather,
        light=float(dim * rng.uniform(0.95, 1.2)),
        warmth=float(rng.normal(0, 0.04) + (0.05 if weather == "dusk" else 0)),
        salt=float(rng.uniform(0, 900)),
    )


def _wobbled(color: Color, rng: np.random.Generator) -> Color:
    shift = rng.normal(0, 3.5, 3) + rng.normal(0, 14)
    red, green, blue = (int(np.clip(part + move, 20, 235)) for part, move in zip(color, shift, strict=True))
    return red, green, blue
