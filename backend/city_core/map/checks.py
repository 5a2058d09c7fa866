"""What a filter of the map may hold: bounded lists, and a time that has not ended before it begins."""

from __future__ import annotations

from city_core.kit.problems import CityProblem
from city_core.map.picture import MapFilter

MOST_TYPES, MOST_LAYERS, MOST_LETTERS = 300, 20, 40


def checked_filter(wanted: MapFilter) -> MapFilter:
    """Accept a filter of the map."""
    lists = (
        ("typeCodes", wanted.type_codes or (), MOST_TYPES),
        ("layers", wanted.layers, MOST_LAYERS),
        ("states", wanted.states or (), MOST_TYPES),
        ("componentStates", wanted.component_states or (), MOST_TYPES),
        ("streetCode", (wanted.street_code or "",), 1),
        ("module", (wanted.module or "",), 1),
    )
    for field, values, most in lists:
        if len(values) > most or any(len(value) > MOST_LETTERS for value in values):
            allowed = f"at most {most} of {MOST_LETTERS} letters"
            raise CityProblem("MAP_FILTER_INVALID", field=field, allowed=allowed)
    if not wanted.subjects:
        raise CityProblem("MAP_FILTER_INVALID", field="subjects", allowed="at least one")
    since, until = wanted.reported_from, wanted.reported_to
    if since is not None and until is not None and not since < until:
        raise CityProblem("MAP_FILTER_INVALID", field="reportedTo", allowed="after reportedFrom")
    return wanted
