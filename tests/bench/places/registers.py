"""Who and what the district has, as the seed lays it out, with the officers of a large city."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from city_core.places.layers import LAYERS_BOOK
from city_seed.local_departments import local_departments
from city_seed.people import build_people
from city_seed.reference import read_reference
from city_seed.zhangdian import Places, build_places
from tests.bench.places.ground import Ground
from tests.bench.places.officers import more_officers
from tests.bench.places.records import LAYERS, NOW

Row = dict[str, Any]


class Registers:
    """Divisions, grids, departments, people and types, and how often each type is reported."""

    def __init__(self) -> None:
        reference = read_reference()
        self.places: Places = build_places(reference.divisions)
        self.departments: list[Row] = [*reference.departments, *local_departments(self.places.divisions)]
        own = [row["_id"] for row in reference.departments]
        self.ground = Ground(self.places.unit_grids)
        seeded = build_people(self.places, own, created_at=NOW)
        self.hired = more_officers(seeded, self.ground, NOW)
        self.people = [*seeded, *self.hired]
        types = [row for row in reference.catalogue["case_types"] if len(row["code"]) == 5]
        dice = np.random.default_rng(7)
        often = {row["code"]: dice.random() + (0.0 if row["kind"] == "event" else 0.35) for row in types}
        self.types = sorted(often, key=lambda code: often[code])
        open_to_all = LAYERS_BOOK.compile(LAYERS_BOOK.first_content)
        self.layers = [layer for layer in LAYERS if open_to_all[layer].audience == "EVERYBODY"]
        self.component_types = [code for code in self.types if code.startswith("C")]

    @cached_property
    def department_of(self) -> dict[str, str]:
        """Tell by the longest prefix which department answers for a type."""
        lines = [
            (line["type_prefix"], row["_id"])
            for row in self.departments
            for line in row["answers_for"]
            if not line["street_codes"]
        ]
        lines.sort(key=lambda line: len(line[0]))
        return {code: own for code in self.types for prefix, own in lines if code.startswith(prefix)}

    @cached_property
    def officers(self) -> dict[str, list[str]]:
        """Tell who works in a department."""
        return self._people_by("OFFICER", lambda row: [row["department_id"]])

    @cached_property
    def inspectors(self) -> dict[str, list[str]]:
        """Tell who walks a responsibility grid."""
        return self._people_by("INSPECTOR", lambda row: row["responsibility_grid_ids"])

    def _people_by(self, role: str, keys: Callable[[Row], Sequence[str]]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.people:
            for key in keys(row) if row["role"] == role else ():
                found.setdefault(key, []).append(row["_id"])
        return found
