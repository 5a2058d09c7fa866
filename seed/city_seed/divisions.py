"""Divisions as the reference table gives them: a district (6 digits), streets (9), communities (12)."""

from __future__ import annotations

from dataclasses import dataclass

_DIGITS = {"district": 6, "street": 9, "community": 12}
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0  # China, roughly


@dataclass(frozen=True)
class DivisionEntry:
    """One division; `centre` (degrees, lng then lat) is a rough guess and absent for a community."""

    code: str
    level: str
    name_zh: str
    parent_code: str | None
    code_is_real: bool
    centre: tuple[float, float] | None


def division_problem(cells: dict[str, str], codes: set[str]) -> str | None:
    """Say what is wrong with a row of divisions, if anything."""
    code, level, parent = cells["code"], cells["level"], cells["parent_code"]
    if level not in _DIGITS:
        return f"unknown level {level!r}; known: {', '.join(_DIGITS)}"
    if not code.isdecimal() or len(code) != _DIGITS[level]:
        return f"the code {code!r} of a {level} must have {_DIGITS[level]} digits"
    if level != "district" and (parent not in codes or not code.startswith(parent)):
        return f"unknown parent {parent!r} for the {level} {code}"
    if level == "community" and len(parent) != _DIGITS["street"]:
        return f"unknown street {parent!r} for the community {code}"
    if cells["code_is_real"] not in ("true", "false"):
        return f"code_is_real must be true or false, not {cells['code_is_real']!r}"
    if level != "community" and _centre(cells) is None:
        return f"the centre {cells['lng']!r}, {cells['lat']!r} of the {level} is not a place in China"
    return None if cells["name_zh"].strip() else "name_zh must not be empty"


def read_division(cells: dict[str, str]) -> DivisionEntry:
    """Read a checked row of divisions."""
    return DivisionEntry(
        code=cells["code"],
        level=cells["level"],
        name_zh=cells["name_zh"],
        parent_code=cells["parent_code"] or None,
        code_is_real=cells["code_is_real"] == "true",
        centre=_centre(cells),
    )


def _centre(cells: dict[str, str]) -> tuple[float, float] | None:
    try:
        lng, lat = float(cells["lng"]), float(cells["lat"])
    except ValueError:
        return None
    return (lng, lat) if _WEST <= lng <= _EAST and _SOUTH <= lat <= _NORTH else None
