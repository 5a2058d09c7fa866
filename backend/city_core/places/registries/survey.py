"""A first look over a whole file: how many rows it has, and what only shows when rows are seen together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from city_core.places.registries.faults import BadFile, Fault
from city_core.places.registries.given import Checked, Given, read_row
from city_core.places.registries.ground import Border, border_of, leaves, overlaps
from city_core.places.registries.known import Known, Terms
from city_core.places.registries.tables import DIVISIONS, RESPONSIBILITY_GRIDS, UNIT_GRIDS, Registry

MOST_ROWS = 1_000_000
MOST_GRIDS = 100_000


@dataclass
class Survey:
    """What a first look over a file found: rows, codes of its divisions, faults by row, unknown columns."""

    rows: int = 0
    divisions: frozenset[str] = frozenset()
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    passed_over: list[str] = field(default_factory=list)


def survey(registry: Registry, rows: Iterable[Given], known: Known, terms: Terms) -> Survey:
    """Look over all rows; for unit grids their borders are laid beside each other and the city's own."""
    found = Survey()
    names: set[str] = set()
    read: list[Checked] = []
    for given in rows:
        found.rows += 1
        if found.rows > MOST_ROWS:
            raise BadFile(f"文件超过{MOST_ROWS:,}行", f"more than {MOST_ROWS:,} rows", given.row)
        names.update(given.cells)
        if registry in (DIVISIONS, UNIT_GRIDS, RESPONSIBILITY_GRIDS):
            if len(read) >= MOST_GRIDS:
                raise BadFile(f"网格超过{MOST_GRIDS:,}个", f"more than {MOST_GRIDS:,} grids", given.row)
            read.append(read_row(registry, given, terms))
    found.passed_over = sorted(name for name in names if name.strip().lower() not in registry.by_any_name)
    if registry is DIVISIONS:
        found.divisions = frozenset(row.id for row in read if row.id is not None and not row.faults)
    if registry is RESPONSIBILITY_GRIDS:
        for fault in _claimed_twice(read):
            found.faults.setdefault(fault.row, []).append(fault)
    if registry is UNIT_GRIDS:
        for fault in border_faults([row for row in read if row.id and not row.faults], known):
            found.faults.setdefault(fault.row, []).append(fault)
    return found


def _claimed_twice(rows: list[Checked]) -> Iterator[Fault]:
    holders: dict[str, int] = {}
    for row in rows:
        for code in row.values.get("grid_codes") or ():
            first = holders.setdefault(code, row.row)
            if first != row.row:
                zh, en = (
                    f"单元网格{code}已属于第{first}行",
                    f"unit grid {code} is given to row {first}",
                )
                yield Fault(row.row, "grid_codes", zh, en)


def border_faults(rows: list[Checked], known: Known) -> list[Fault]:
    """Name the grids that cover the ground of another one, or go beyond the border of their community."""
    borders = [border_of(_as_stored(row, known), row.row) for row in rows if _has_border(row, known)]
    given = {border.code for border in borders}
    kept = [border_of(row) for code, row in known.grids.items() if code not in given]
    faults = [_overlap_fault(one, other) for one, other in overlaps([*borders, *kept]) if one.row is not None]
    for border in borders:
        community = known.community_shapes.get(border.code[:12])
        if border.row is not None and community is not None and leaves(border.shape, community):
            zh, en = f"网格越出社区{border.code[:12]}的边界", f"goes beyond the border of {border.code[:12]}"
            faults.append(Fault(border.row, "geometry", zh, en))
    return faults


def _overlap_fault(one: Border, other: Border) -> Fault:
    where = f"第{other.row}行" if other.row is not None else ""
    en = f" of row {other.row}" if other.row is not None else ""
    return Fault(
        one.row or 0, "geometry", f"与{where}网格{other.code}重叠", f"overlaps the grid {other.code}{en}"
    )


def _has_border(row: Checked, known: Known) -> bool:
    return row.geometry is not None or str(row.id) in known.grids


def _as_stored(row: Checked, known: Known) -> dict[str, object]:
    stored = known.grids.get(str(row.id), {})
    merged = {
        **stored,
        **{key: value for key, value in row.values.items() if value is not None},
        "_id": row.id,
    }
    if "valid_to" in row.values:
        merged["valid_to"] = row.values["valid_to"]
    if row.geometry is not None:
        merged["shape"] = row.geometry
    return merged
