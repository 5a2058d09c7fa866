"""Compares cell schemes on the places of a city: `python -m tests.bench.places --schemes 1000000`."""

from __future__ import annotations

import asyncio
import math
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from city_core.kit.geo import distance_m
from city_core.kit.mongo import Collection, Row, connect, database_of
from city_core.places.cells import Box, box_of, cell_of, middle_of
from tests.bench.figures import Figures, machine, percentile
from tests.bench.places.registers import Registers
from tests.bench.places.schemes import Scheme, all_schemes
from tests.bench.places.standing import RoomyMongod

DATABASE, BATCH = "places_schemes", 5_000
ZOOMS, MOST_CELLS, MORE_CELLS = (11, 13, 15, 17), 8, 32
TILE_ZOOM = 14
PLACES, HEAVY_PLACES = 16, 3  # how many places are looked at: fewer where most of the city lies in view
CLUSTERS_ACROSS = 3  # a cluster is a tile's side divided by two, so many times
ALIKE = 20_000
# Levels whose cells are about as large as those that ours has at the same zoom.
CLUSTER_LEVELS = {
    "H3": {11: 7, 13: 9, 14: 9, 15: 10, 17: 11},
    "S2": {11: 12, 13: 14, 14: 15, 15: 16, 17: 18},
}


async def compare(folder: Path, count: int, looks: int = PLACES) -> Figures:
    """Number so many places in every scheme, and look at each index from `looks` places."""
    with RoomyMongod(folder / "mongod") as mongod:
        client = connect(mongod.url, app_name="bench")
        await client.drop_database(DATABASE)
        try:
            registers = Registers()
            dice = np.random.default_rng(24)
            lng, lat, _ = registers.ground.draw(dice, count)
            collection = database_of(client, DATABASE).places
            await _insert(collection, lng, lat)
            seen_lng, seen_lat, _ = registers.ground.draw(np.random.default_rng(25), looks)
            places = [(float(x), float(y)) for x, y in zip(seen_lng, seen_lat, strict=True)]
            return {
                "machine": machine(),
                "points": count,
                "schemes": {
                    scheme.name: await _figures_of(collection, scheme, places, lng, lat)
                    for scheme in all_schemes()
                },
            }
        finally:
            await client.drop_database(DATABASE)
            client.close()


async def _insert(collection: Collection, lng: Any, lat: Any) -> None:
    for start in track(range(0, len(lng), BATCH), "numbering places"):
        batch = [
            {
                "lng": x, "lat": y,
                **{scheme.field: scheme.cell(x, y, scheme.finest) for scheme in all_schemes()},
            }
            for x, y in _pairs(lng[start : start + BATCH], lat[start : start + BATCH])
        ]  # fmt: skip
        await collection.insert_many(batch, ordered=False)
    for scheme in all_schemes():
        await collection.create_index([(scheme.field, 1)], name=scheme.field)


async def _figures_of(
    collection: Collection, scheme: Scheme, places: Sequence[tuple[float, float]], lng: Any, lat: Any
) -> Figures:
    stats = await collection.database.command("collStats", "places")
    figures: Figures = {
        "index_mb": round(stats["indexSizes"][scheme.field] / 1e6, 1),
        "encode_us": _encode_us(scheme, lng, lat),
        "parents_wrong_percent": _parents_wrong(scheme, lng, lat),
        "neighbours_far_to_near": _roundness(scheme, places),
    }
    views = [(f"zoom {zoom}", [_screen(zoom, *place) for place in places], zoom) for zoom in ZOOMS]
    views.append((f"tile {TILE_ZOOM}", [_tile(*place) for place in places], TILE_ZOOM))
    for name, boxes, zoom in views:
        chosen = boxes[: HEAVY_PLACES if zoom in ZOOMS[:2] else None]
        figures[name] = await _looked_at(collection, scheme, chosen, zoom, lng, lat)
    return figures


async def _looked_at(
    collection: Collection, scheme: Scheme, boxes: Sequence[Box], zoom: int, lng: Any, lat: Any
) -> Figures:
    rows = []
    for box in boxes:
        began = time.perf_counter()
        runs = scheme.cover(box, MOST_CELLS)
        covered = time.perf_counter() - began
        ranges: Row = {"$or": [{scheme.field: {"$gte": first, "$lt": after}} for first, after in runs]}
        inside = (lng >= box.west) & (lng <= box.east) & (lat >= box.south) & (lat <= box.north)
        there = int(inside.sum())
        exact = {
            "$and": [
                ranges,
                {"lng": {"$gte": box.west, "$lte": box.east}, "lat": {"$gte": box.south, "$lte": box.north}},
            ]
        }
        keys = await _keys(collection, ranges, scheme.field)
        found, fetch_s = await _timed(collection, exact)
        group_s, clusters = await _grouped(collection, scheme, ranges, zoom)
        finer = [
            {scheme.field: {"$gte": first, "$lt": after}} for first, after in scheme.cover(box, MORE_CELLS)
        ]
        more_keys = await _keys(collection, {"$or": finer}, scheme.field)
        rows.append((len(runs), covered, keys, there, there - found, fetch_s, group_s, clusters, more_keys))
    columns = list(zip(*rows, strict=True))
    return {
        "runs": round(statistics.mean(columns[0]), 1),
        "cover_ms": round(statistics.median(columns[1]) * 1000, 2),
        "keys": round(statistics.mean(columns[2])),
        "keys_per_point_there": round(sum(columns[2]) / max(1, sum(columns[3])), 2),
        f"keys_per_point_there, {MORE_CELLS} cells": round(sum(columns[8]) / max(1, sum(columns[3])), 2),
        "points_missed": int(sum(columns[4])),
        "count_exactly_p50_ms": round(percentile(columns[5], 0.5) * 1000, 1),
        "group_p50_ms": round(percentile(columns[6], 0.5) * 1000, 1),
        "clusters": round(statistics.mean(columns[7])),
    }


async def _keys(collection: Collection, query: Row, index: str) -> int:
    told = await collection.database.command(
        "explain", {"find": "places", "filter": query, "projection": {"_id": 0, index: 1}, "hint": index},
        verbosity="executionStats",
    )  # fmt: skip
    return int(told["executionStats"]["totalKeysExamined"])


async def _timed(collection: Collection, query: Row) -> tuple[int, float]:
    began = time.perf_counter()
    found = await collection.count_documents(query)
    return found, time.perf_counter() - began


async def _grouped(collection: Collection, scheme: Scheme, ranges: Row, zoom: int) -> tuple[float, int]:
    level = CLUSTER_LEVELS.get(scheme.name, {}).get(zoom, min(scheme.finest, zoom + CLUSTERS_ACROSS))
    field = f"${scheme.field}"
    parent = {"$subtract": [field, {"$mod": [field, scheme.modulus(level)]}]}
    began = time.perf_counter()
    pipeline: list[Row] = [{"$match": ranges}, {"$group": {"_id": parent, "n": {"$sum": 1}}}]
    rows = await collection.aggregate(pipeline, hint=scheme.field).to_list(None)
    return time.perf_counter() - began, len(rows)


def _encode_us(scheme: Scheme, lng: Any, lat: Any) -> float:
    pairs = _pairs(lng[:ALIKE], lat[:ALIKE])
    began = time.perf_counter()
    for x, y in pairs:
        scheme.cell(x, y, scheme.finest)
    return round((time.perf_counter() - began) / len(pairs) * 1e6, 2)


def _parents_wrong(scheme: Scheme, lng: Any, lat: Any) -> float:
    """Tell for how many points the parent of the fine cell is not the coarse cell that they lie in."""
    level, wrong = scheme.finest - 3, 0
    pairs = _pairs(lng[:ALIKE], lat[:ALIKE])
    for x, y in pairs:
        first, after = scheme.run_of(scheme.cell(x, y, level), level)
        wrong += not first <= scheme.cell(x, y, scheme.finest) < after
    return round(100 * wrong / len(pairs), 2)


def _pairs(lng: Any, lat: Any) -> list[tuple[float, float]]:
    return list(zip(lng.tolist(), lat.tolist(), strict=True))


def _roundness(scheme: Scheme, places: Sequence[tuple[float, float]]) -> float:
    """Tell how much farther the farthest neighbour is than the nearest, on the ground."""
    level, found = scheme.finest - 3, []
    for lng, lat in places:
        middle = scheme.middle(scheme.cell(lng, lat, level), level)
        ways = [distance_m(middle, scheme.middle(cell, level)) for cell in scheme.neighbours(lng, lat, level)]
        found.append(max(ways) / min(ways))
    return round(statistics.mean(found), 2)


def _screen(zoom: int, lng: float, lat: float) -> Box:
    width, height = 360 / 2**zoom * 4 / 2, 360 / 2**zoom * 3 * 0.8 / 2
    return Box(lng - width, lat - height, lng + width, lat + height)


def _tile(lng: float, lat: float) -> Box:
    cell = cell_of(lng, lat, TILE_ZOOM)
    middle = middle_of(cell, TILE_ZOOM)
    size = 1 << TILE_ZOOM
    column = int((middle[0] + 180) / 360 * size)
    row = int((1 - math.asinh(math.tan(math.radians(middle[1]))) / math.pi) / 2 * size)
    box = box_of(TILE_ZOOM, column, row)
    small = 1e-9  # a border belongs to the next tile
    return Box(box.west, box.south + small, box.east - small, box.north)


def show(figures: Figures) -> None:
    """Print one line a figure, one column a scheme."""
    schemes = figures["schemes"]
    table = Table("figure", *schemes)
    flat = {name: _flat(found) for name, found in schemes.items()}
    for figure in next(iter(flat.values())):
        table.add_row(figure, *(str(flat[name][figure]) for name in schemes))
    Console(width=160).print(table)


def _flat(figures: Figures) -> Figures:
    found: Figures = {}
    for name, value in figures.items():
        found |= (
            {f"{name}: {key}": inner for key, inner in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
    return found


def run(folder: Path, count: int) -> Figures:
    """Compare and print."""
    figures = asyncio.run(compare(folder, count))
    show(figures)
    return figures
