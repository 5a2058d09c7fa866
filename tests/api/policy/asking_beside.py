"""Other arguments by which some root fields are asked too: what one answer cannot hold all of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from tests.api.policy.seeded import Ids
from tests.api.policy.seeded_photos import REFUSED
from tests.api.policy.seeded_places import DISTRICT, OLD_GRID
from tests.api.policy.seeded_rules import DRAFT
from tests.village import COMMUNITY, INSIDE, STREET

_POINT = f"point: {{lng: {INSIDE[0]}, lat: {INSIDE[1]}, datum: WGS84}}"
_BOX = "bounds: {west: 118.0, south: 36.7, east: 118.2, north: 36.9}"
_ALL = 'filter: {subjects: [CASES, COMPONENTS, POINTS], layers: ["toilet", "parking"]}'
_CAMERAS = 'filter: {subjects: [POINTS], layers: ["camera"]}'
_REGISTRIES = ("points", "unit_grids", "divisions", "responsibility_grids", "grid_elements")
_BESIDE: Mapping[str, Sequence[str]] = {
    # One that is sealed, as it was made before, and one about a person.
    "auditEntries": (
        "filter: {verbs: [MACHINE_KEY_MADE]}", 'filter: {subjectPersonId: "inspector-1"}',
    ),
    "borders": (
        f'level: STREET, parent: "{DISTRICT}"', f'level: COMMUNITY, parent: "{STREET}"',
        f'level: UNIT_GRID, parent: "{COMMUNITY}"',
    ),
    "divisions": (f'parent: "{DISTRICT}"', f'parent: "{STREET}"'),
    "mapView": (f"{_BOX}, zoom: 18, {_ALL}", f"{_BOX}, zoom: 10, {_ALL}", f"{_BOX}, zoom: 18, {_CAMERAS}"),
    "nearby": (f'layer: "camera", {_POINT}', f'layer: "parking", {_POINT}, first: 50'),
    "places": tuple(f'registry: "{one}"' for one in _REGISTRIES),
    "pullCases": ("scope: MY_TASKS, limit: 5", "scope: MY_GRID, limit: 5"),
    "tryRouting": (f"input: {{csv: {json.dumps(DRAFT)}}}",),
    "unitGrid": (f'code: "{OLD_GRID}"',),
    "whereAmI": (f'lng: {INSIDE[0]}, lat: {INSIDE[1]}, typeCode: "E0110"',),
}  # fmt: skip
# The same about another object of the same street.
_ABOUT_ANOTHER = {"sign": ("signOfPointCode", "code")}


def beside(name: str, whose: str, ids: Ids) -> Sequence[str]:
    """Give further arguments of a question."""
    if name == "photoAdvice":
        return (f'mediaId: "{REFUSED[whose]}"',) if whose in REFUSED else ()
    if name not in _ABOUT_ANOTHER:
        return _BESIDE.get(name, ())
    kind, argument = _ABOUT_ANOTHER[name]
    return (f'{argument}: "{ids[kind][whose]}"',)
