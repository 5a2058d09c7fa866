"""Demo grids of Zhangdian 张店区 (370303): made by a rule, NOT survey data.

The rule, the same at every run:

1. The box 117.93-118.21 E, 36.70-36.90 N (WGS-84) is cut into one rectangle per street or town: halfway
   between the two neighbouring rough centres that lie farthest apart, and so on (`tiling.around_centres`).
2. The rectangle of a street is cut into its communities, of about equal area (`tiling.in_equal_parts`), in
   the order of their codes. 73 communities; two have real codes, the others are invented and numbered from
   901 on, above the numbers that real communities have.
3. A community is cut into 20 unit grids, the first six communities by code into 21: 1,466. A grid's code is
   the community's 12 digits and a serial of 3 that runs west to east, then north to south. No grid crosses a
   community border; grids neither overlap nor leave a gap, and neighbours share their border point for point.
4. The unit grids of a community are halved in the order of their serials into two responsibility grids: 146.
5. The border of a community, a street and the district is that of its unit grids together.
6. The area class goes by the distance of the grid's middle from 118.055, 36.813: A within 3 km, B within
   7 km, C beyond.

Size: the box holds 555 km², more than the real district (about 244, with the hi-tech zone 360). Grids are
therefore larger than the usual 10,000 m²: 26,000 to 32,000 m² in the two innermost streets, up to about
2.1 km² in the outermost town; 0.38 km² on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from city_core.kit.geo import distance_m
from city_seed.divisions import DivisionEntry
from city_seed.tiling import MICRO, Point, Rect, around_centres, in_equal_parts, in_rows, rings

BOX = Rect(117_930_000, 36_700_000, 118_210_000, 36_900_000)
CITY_CENTRE = (118.055, 36.813)
UNIT_GRIDS = 1_466
VALID_FROM = "2026-01-01"
_AREA_CLASSES = (("A", 3_000.0), ("B", 7_000.0))
Row = dict[str, Any]


@dataclass(frozen=True)
class Places:
    """The places of a district in their stored shapes."""

    divisions: list[Row]
    unit_grids: list[Row]
    responsibility_grids: list[Row]


def build_places(entries: list[DivisionEntry]) -> Places:
    """Lay the district's grids out from its divisions."""
    streets = _streets(entries)
    communities = _communities(entries, streets)
    cells = _unit_cells(communities)
    shapes = dict(zip(cells, rings(cells.values()), strict=True))
    responsibility = _responsibility_grids(entries, list(cells))
    holder = {code: row["_id"] for row in responsibility for code in row["grid_codes"]}
    return Places(
        divisions=_division_rows(entries, streets | communities, cells),
        unit_grids=[_unit_grid_row(code, cells[code], shapes[code], holder[code]) for code in cells],
        responsibility_grids=responsibility,
    )


def _streets(entries: list[DivisionEntry]) -> dict[str, Rect]:
    centres = {
        entry.code: _micro(entry.centre) for entry in entries if entry.level == "street" and entry.centre
    }
    return around_centres(BOX, centres)


def _communities(entries: list[DivisionEntry], streets: dict[str, Rect]) -> dict[str, Rect]:
    found: dict[str, Rect] = {}
    for street, box in sorted(streets.items()):
        codes = sorted(entry.code for entry in entries if entry.parent_code == street)
        found |= zip(codes, in_equal_parts(box, len(codes)), strict=True)
    return found


def _unit_cells(communities: dict[str, Rect]) -> dict[str, Rect]:
    each, rest = divmod(UNIT_GRIDS, len(communities))
    cells: dict[str, Rect] = {}
    for index, (community, box) in enumerate(sorted(communities.items())):
        for serial, cell in enumerate(in_rows(box, each + (index < rest)), start=1):
            cells[f"{community}{serial:03d}"] = cell
    return cells


def _responsibility_grids(entries: list[DivisionEntry], codes: list[str]) -> list[Row]:
    names = {entry.code: entry.name_zh for entry in entries}
    rows: list[Row] = []
    for community in sorted({code[:12] for code in codes}):
        own = [code for code in codes if code[:12] == community]
        halves = own[: len(own) // 2], own[len(own) // 2 :]
        for number, half in enumerate(halves, start=1):
            rows.append(
                {
                    "_id": f"{community}{number:02d}",
                    "name_zh": f"{names[community[:9]]}{names[community]}第{number}责任网格",
                    "community_code": community,
                    "street_code": community[:9],
                    "grid_codes": half,
                }
            )
    return rows


def _division_rows(entries: list[DivisionEntry], boxes: dict[str, Rect], cells: dict[str, Rect]) -> list[Row]:
    """Give every division its border, through the corners of all unit grids on it."""
    areas = [BOX if entry.level == "district" else boxes[entry.code] for entry in entries]
    borders = zip(entries, areas, rings(areas, cells.values()), strict=True)
    return [_division_row(entry, area, ring) for entry, area, ring in borders]


def _division_row(entry: DivisionEntry, area: Rect, ring: list[Point]) -> Row:
    middle = _micro(entry.centre) if entry.centre else area.middle
    return {
        "_id": entry.code,
        "level": entry.level,
        "name_zh": entry.name_zh,
        "parent_code": entry.parent_code,
        "code_is_real": entry.code_is_real,
        "centre": _geo_point(middle),
        "shape": _polygon(ring),
        "valid_from": VALID_FROM,
        "valid_to": None,
    }


def _unit_grid_row(code: str, cell: Rect, ring: list[Point], responsibility_grid_id: str) -> Row:
    return {
        "_id": code,
        "community_code": code[:12],
        "street_code": code[:9],
        "district_code": code[:6],
        "responsibility_grid_id": responsibility_grid_id,
        "shape": _polygon(ring),
        "centre": _geo_point(cell.middle),
        "area_m2": round(cell.area_m2, 1),
        "area_class": _area_class(cell.middle),
        "code_is_real": False,
        "valid_from": VALID_FROM,
        "valid_to": None,
    }


def _area_class(middle: Point) -> str:
    lng, lat = _degrees(middle)
    metres = distance_m(CITY_CENTRE, (lng, lat))
    return next((name for name, within in _AREA_CLASSES if metres <= within), "C")


def _micro(degrees: tuple[float, float]) -> Point:
    return round(degrees[0] * MICRO), round(degrees[1] * MICRO)


def _degrees(point: Point) -> list[float]:
    return [point[0] / MICRO, point[1] / MICRO]


def _polygon(ring: list[Point]) -> Row:
    return {"type": "Polygon", "coordinates": [[_degrees(point) for point in ring]]}


def _geo_point(point: Point) -> Row:
    return {"type": "Point", "coordinates": _degrees(point)}
