"""Coordinate systems of files: which are taken as they are, which are turned into degrees, which refused.

CGCS2000 and WGS-84, in degrees or in a projection (Gauss-Krüger zones, web Mercator), are taken. Beijing 54
and Xian 80 are refused: the parameters that lead from them to CGCS2000 are a survey office's own, and a
general set would be off by metres; the office's own transformation comes before the import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from city_core.places.geometry import Geometry
from city_core.places.registries.faults import BadFile
from city_core.places.registries.given import moved

Turn = Callable[[Geometry], Geometry]
_AXIS_M = 6_378_137.0  # of CGCS2000, WGS-84 and GRS 80, which agree within a tenth of a millimetre
_REFUSED_AXES: Mapping[int, str] = {6_378_245: "Beijing 54", 6_378_140: "Xian 80"}
_DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")


def as_it_is(geometry: Geometry) -> Geometry:
    """Leave a shape as it is: degrees already."""
    return geometry


def turn_of(said: str) -> Turn:
    """Give the function that turns shapes of a coordinate system into degrees.

    `said` is the text of a .prj file, or a name as old GeoJSON files have it. BadFile where it is refused.
    """
    if not said.strip() or said.strip().endswith(_DEGREES):
        return as_it_is
    try:
        system = CRS.from_user_input(said.strip().removeprefix("\ufeff"))
    except CRSError as error:
        raise BadFile("坐标系无法识别", "the coordinate system cannot be read") from error
    _check_axis(system)
    if system.is_geographic:
        return as_it_is
    degrees = system.geodetic_crs
    if not system.is_projected or degrees is None:
        raise BadFile(
            "坐标系既非经纬度也非投影", "the coordinate system has neither degrees nor a projection"
        )
    transform = Transformer.from_crs(system, degrees, always_xy=True).transform
    return lambda geometry: moved(geometry, transform)


def _check_axis(system: CRS) -> None:
    axis = system.ellipsoid.semi_major_metre if system.ellipsoid else 0.0
    refused = _REFUSED_AXES.get(round(axis))
    if refused is not None:
        raise BadFile(
            f"坐标系为{refused}：请先由测绘部门转换到CGCS2000",
            f"the coordinates are in {refused}: have them turned into CGCS2000 first",
        )
    if abs(axis - _AXIS_M) > 0.5:
        raise BadFile("坐标系的椭球未知", "the ellipsoid of the coordinate system is not known here")
