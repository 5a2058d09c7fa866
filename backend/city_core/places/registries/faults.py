"""What is wrong with a row of a registry, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_FAULTS_KEPT = 1_000


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a row: its number in the file, the column, why, and what is allowed."""

    row: int
    field: str
    zh: str
    en: str
    allowed: str = ""

    def stored(self) -> dict[str, Any]:
        return asdict(self)


class BadValue(ValueError):
    """Raised where one value cannot be kept: why, in both languages, and what is allowed."""

    def __init__(self, zh: str, en: str, allowed: str = "") -> None:
        self.zh, self.en, self.allowed = zh, en, allowed
        super().__init__(en)

    def at(self, row: int, field: str) -> Fault:
        return Fault(row, field, self.zh, self.en, self.allowed)


class BadFile(Exception):
    """Raised where a file cannot be read at all, or no further."""

    def __init__(self, zh: str, en: str, row: int = 0) -> None:
        self.fault = Fault(row, "file", zh, en)
        super().__init__(en)


# What `places.geometry` says in English, by how each sentence begins.
_SHAPES_IN_CHINESE: Sequence[tuple[str, str]] = (
    ("a GeoJSON", "几何类型不符合要求"),
    ("coordinates must be pairs", "坐标应为成对的数字"),
    ("coordinates must be finite", "坐标应为有限的数字"),
    ("longitude and latitude", "经纬度顺序颠倒：应为经度在前、纬度在后"),
    ("these are no degrees", "坐标不是经纬度：投影坐标需要注明坐标系"),
    ("this lies outside the country", "坐标在国境之外"),
    ("a border needs", "边界至少要有四个角点，且首尾相同"),
    ("the border cannot be read", "边界无法读取"),
    ("the border crosses", "边界自相交或自相切"),
)


def shape_fault(row: int, sentence: str, field: str = "geometry") -> Fault:
    """Tell in both languages what `places.geometry` found wrong with a shape."""
    zh = next((zh for begins, zh in _SHAPES_IN_CHINESE if sentence.startswith(begins)), "角点数量不符合要求")
    return Fault(row, field, zh, sentence)
