"""Codes of places and of what stands there: their structure, and what each must begin with.

GB/T 30428.1 and .2, GB/T 47678.3 and .5: a district has 6 digits, a street 9, a community 12, a unit grid 15;
a component 16 (district, major and minor class of two digits each, serial of six) and 17 in the form of 2026,
whose minor class has three.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from city_core.kit.problems import CityProblem

DIGITS: Mapping[str, int] = {"district": 6, "street": 9, "community": 12, "unit_grid": 15}
_COMPONENT = re.compile(r"(?P<district>[0-9]{6})(?P<major>[0-9]{2})(?P<minor>[0-9]{2,3})(?P<serial>[0-9]{6})")
STANDARD_OF_DIGITS: Mapping[int, str] = {16: "2013", 17: "2026"}


@dataclass(frozen=True)
class ComponentCode:
    """The parts of a component's code 部件标识码."""

    district_code: str
    major: str
    minor: str
    serial: int

    @property
    def type_code(self) -> str:
        return f"C{self.major}{self.minor}"

    @property
    def standard(self) -> str:
        return "2013" if len(self.minor) == 2 else "2026"

    def __str__(self) -> str:
        return f"{self.district_code}{self.major}{self.minor}{self.serial:06d}"


def checked_code(kind: str, code: str, *, within: str | None = None, field: str = "code") -> str:
    """Accept the code of a district, street, community or unit grid that lies within another one."""
    digits = DIGITS[kind]
    if len(code) != digits or not (code.isascii() and code.isdecimal()):
        raise CityProblem("PLACE_CODE_INVALID", field=field, allowed=f"{digits} digits")
    if within is not None and not code.startswith(within):
        raise CityProblem("PLACE_CODE_INVALID", field=field, allowed=f"begins with {within}")
    return code


def component_code(code: str, *, district: str | None = None, field: str = "code") -> ComponentCode:
    """Take the code of a component apart, of 16 digits or of 17."""
    found = _COMPONENT.fullmatch(code)
    if found is None:
        raise CityProblem("COMPONENT_CODE_INVALID", field=field, allowed="16 digits (2013) or 17 (2026)")
    if district is not None and found["district"] != district:
        raise CityProblem("COMPONENT_CODE_INVALID", field=field, allowed=f"begins with {district}")
    return ComponentCode(found["district"], found["major"], found["minor"], int(found["serial"]))


def part_of(code: str, kind: str) -> str:
    """Cut a longer code down to that of the district, street or community that it lies in."""
    return code[: DIGITS[kind]]
