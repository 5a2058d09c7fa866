"""What people ask of the one map: screens, tiles, heat, and what changed."""

from __future__ import annotations

from dataclasses import replace

from city_core.map.draw import draw
from city_core.map.heat import heat
from city_core.map.picture import MapFilter, Subject
from city_core.map.tiles import as_tile, checked_tile
from city_core.places.cells import Box, tiles_of
from city_core.sync.checkpoint import checkpoint_from
from city_core.sync.pull_map import pull_map
from tests.bench.places.asked import Asked, DeepQuestion, Question
from tests.bench.places.records import SEQ_A_CASE

SCREEN_TILES = (4.0, 3.0)  # 1,024 x 768 pixels
CHANGES, CHANGED_CASES = 100, 60  # a screen that was away for an hour
COMPONENTS = MapFilter(subjects=frozenset({Subject.COMPONENTS}))
POINTS = MapFilter(subjects=frozenset({Subject.POINTS}), layers=("toilet", "parking"))


def screen(asked: Asked, zoom: int) -> Box:
    """Give the part of the map that a screen shows around a place."""
    width, height = (360 / 2**zoom * tiles for tiles in SCREEN_TILES)
    west, south = asked.lng - width / 2, asked.lat - height * 0.8 / 2
    return Box(west, south, west + width, south + height * 0.8)


def tile_around(asked: Asked, zoom: int) -> tuple[int, int]:
    """Give column and row of the tile that a place lies in."""
    columns, rows = tiles_of(Box(asked.lng, asked.lat, asked.lng, asked.lat), zoom)
    return columns[0], rows[0]


def viewport(zoom: int, who: str = "leader-001", wanted: MapFilter | None = None) -> Question:
    """Look at a screen of the map; results are the clusters and features that it holds."""

    async def ask(asked: Asked) -> int:
        box = screen(asked, zoom)
        picture = await draw(asked.city, asked.people[who], box, zoom, wanted or MapFilter())
        return len(picture.clusters) + len(picture.features)

    return ask


def tile(zoom: int, wanted: MapFilter | None = None) -> Question:
    """Draw a vector tile, as the map page asks for a dozen of; results are the marks in it."""

    async def ask(asked: Asked) -> int:
        column, row = tile_around(asked, zoom)
        box = checked_tile(zoom, column, row)
        picture = await draw(asked.city, asked.leader, box, zoom, wanted or MapFilter())
        as_tile(picture, zoom, column, row)
        return len(picture.clusters) + len(picture.features)

    return ask


def heat_map(zoom: int) -> Question:
    """Weigh the cells of a screen; results are the cells."""

    async def ask(asked: Asked) -> int:
        return len(await heat(asked.city, asked.leader, screen(asked, zoom), zoom, MapFilter()))

    return ask


def changes(who: str = "leader-001") -> Question:
    """Pull what changed on the map of somebody whose screen was away for a while."""

    def key(asked: Asked) -> str:
        return f"{asked.city.database.name} changes {who}"

    async def ask(asked: Asked) -> int:
        since = asked.kept.get(key(asked)) or await away(asked)
        pulled = await pull_map(asked.city, asked.people[who], checkpoint=since, limit=CHANGES)
        return len(pulled.documents)

    async def away(asked: Asked) -> str:
        now = await pull_map(asked.city, asked.people[who], checkpoint=None, limit=CHANGES)
        reached = checkpoint_from(now.checkpoint)
        return replace(reached, seq=max(0, reached.seq - CHANGED_CASES * SEQ_A_CASE)).text()

    async def ready(asked: Asked) -> None:
        asked.kept[key(asked)] = asked.kept.get(key(asked)) or await away(asked)

    return DeepQuestion(ask, ready)
