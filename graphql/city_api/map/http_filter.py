"""What a map is narrowed down to, read from the address of a request."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any, get_args

from litestar import Request

from city_core.cases.workflow import State
from city_core.kit.geo import Datum
from city_core.kit.instants import checked_instant
from city_core.kit.problems import CityProblem
from city_core.map.picture import MapFilter, Subject
from city_core.places.components.model import ComponentState

_MOST_NAMES = 40
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_YES_NO = {"true": True, "false": False}
Asked = Request[Any, Any, Any]


def filter_of(request: Asked) -> MapFilter:
    """Read subjects, states, types, module, street, late, from, to, layers and componentStates.

    Lists have commas between; what is not given narrows nothing down. Raises REQUEST_INVALID with the name of
    the parameter and what it may be.
    """
    subjects = _names(request, "subjects", tuple(Subject))
    return MapFilter(
        subjects=frozenset(Subject(name) for name in subjects or (Subject.CASES,)),
        states=_names(request, "states", tuple(State)),
        type_codes=_names(request, "types"),
        module=_name(request, "module"),
        street_code=_name(request, "street"),
        reported_from=_instant(request, "from"),
        reported_to=_instant(request, "to"),
        late=_late(request),
        layers=_names(request, "layers") or (),
        component_states=_names(request, "componentStates", tuple(ComponentState)),
    )


def datum_of(request: Asked) -> Datum:
    """Read in which datum degrees are given and answered; WGS84 unless said."""
    said = request.query_params.get("datum", "WGS84")
    for datum in get_args(Datum):
        if said == datum:
            return datum  # type: ignore[no-any-return]
    raise CityProblem("PLACE_INVALID", field="datum", allowed=", ".join(get_args(Datum)))


def degrees(request: Asked, name: str) -> float:
    """Read a longitude or a latitude."""
    try:
        return float(request.query_params.get(name, ""))
    except ValueError as error:
        raise CityProblem("PLACE_INVALID", field=name, allowed="degrees") from error


def whole(text: str | None, name: str, allowed: str) -> int:
    """Read a whole number of at most nine digits."""
    if text is None or not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise CityProblem("PLACE_INVALID", field=name, allowed=allowed)
    return int(text)


def _names(request: Asked, field: str, allowed: Collection[str] = ()) -> tuple[str, ...] | None:
    given = request.query_params.get(field)
    if not given:
        return None
    names = given.split(",", _MOST_NAMES)
    if len(names) > _MOST_NAMES:
        raise CityProblem("REQUEST_INVALID", field=field, allowed=f"at most {_MOST_NAMES}")
    for name in names:
        if not _NAME.fullmatch(name) or (allowed and name not in allowed):
            raise CityProblem("REQUEST_INVALID", field=field, allowed=", ".join(allowed) or "codes")
    return tuple(dict.fromkeys(names))


def _name(request: Asked, field: str) -> str | None:
    names = _names(request, field)
    if names and len(names) > 1:
        raise CityProblem("REQUEST_INVALID", field=field, allowed="one code")
    return names[0] if names else None


def _instant(request: Asked, field: str) -> datetime | None:
    given = request.query_params.get(field)
    if not given:
        return None
    try:
        return checked_instant(datetime.fromisoformat(given), field)
    except ValueError as error:
        raise CityProblem("REQUEST_INVALID", field=field, allowed="an instant of ISO 8601") from error


def _late(request: Asked) -> bool | None:
    given = request.query_params.get("late", "")
    if given and given not in _YES_NO:
        raise CityProblem("REQUEST_INVALID", field="late", allowed="true, false")
    return _YES_NO.get(given)
