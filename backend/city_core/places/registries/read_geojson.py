"""Reads a GeoJSON FeatureCollection feature by feature, never more than one in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from city_core.places.registries.crs import Turn, as_it_is, turn_of
from city_core.places.registries.faults import BadFile
from city_core.places.registries.given import Given

_PIECE = 1 << 18
_MOST_VALUE = 2_000_000  # ten thousand corners written out in full are a quarter of it
_BLANKS = " \t\r\n\ufeff"
_DECODER = json.JSONDecoder()


class _Text:
    """The text of a file, a piece at a time: the values in it, one after the other."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._held, self._at = "", 0

    def next_sign(self) -> str:
        """Look at the next sign that is no blank; nothing at the end of the file."""
        while True:
            while self._at < len(self._held) and self._held[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def take(self, sign: str) -> None:
        """Go past a sign that has to come next."""
        if self.next_sign() != sign:
            raise BadFile("不是GeoJSON", f"no GeoJSON: {sign!r} is expected")
        self._at += 1

    def value(self) -> Any:
        """Read one whole value; a half one at the end of a piece is tried again with the next piece."""
        self.next_sign()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._held, self._at)
            except RecursionError as error:
                raise BadFile("JSON嵌套过深", "the JSON is nested too deep") from error
            except ValueError as error:
                if len(self._held) - self._at > _MOST_VALUE or not self._more():
                    raise BadFile(
                        "JSON格式错误", "the JSON is broken, or one feature is too large"
                    ) from error
                continue
            if end < len(self._held) or isinstance(found, dict | list | str) or not self._more():
                self._at = end
                return found

    def _more(self) -> bool:
        piece = self._file.read(max(_PIECE, len(self._held) - self._at))
        self._held, self._at = self._held[self._at :] + piece, 0
        return bool(piece)


def read_geojson(path: Path) -> Iterator[Given]:
    """Give the features of a file in their order, numbered from 1 on."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from _features(_Text(file))
    except UnicodeDecodeError as error:
        raise BadFile("GeoJSON应为UTF-8编码", "GeoJSON has to be UTF-8") from error


def _features(text: _Text) -> Iterator[Given]:
    text.take("{")
    turn: Turn = as_it_is
    found = False
    while text.next_sign() != "}":
        key = text.value()
        text.take(":")
        if key == "features":
            found = True
            yield from _listed(text, turn)
        else:
            value = text.value()
            turn = turn_of(_name_of(value)) if key == "crs" else turn
        if text.next_sign() == ",":
            text.take(",")
    if not found:
        raise BadFile("不是GeoJSON要素集合", "no GeoJSON FeatureCollection")


def _listed(text: _Text, turn: Turn) -> Iterator[Given]:
    text.take("[")
    number = 0
    while text.next_sign() != "]":
        number += 1
        yield _feature(number, text.value(), turn)
        if text.next_sign() != "]":
            text.take(",")
    text.take("]")


def _feature(number: int, feature: Any, turn: Turn) -> Given:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        raise BadFile("要素格式错误", "this is no feature", number)
    geometry = feature.get("geometry")
    return Given(number, _whole(feature.get("properties") or {}), turned(geometry, turn))


def _whole(properties: dict[str, Any]) -> dict[str, Any]:
    """Replace halves of characters, which JSON can name but nothing can keep."""
    return {_kept(name): _kept(value) for name, value in properties.items()}


def _kept(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode()


def turned(geometry: Any, turn: Turn) -> Any:
    """Turn a shape into degrees; one that cannot be read is left for the checks to name."""
    if turn is as_it_is or geometry is None:
        return geometry
    try:
        return turn(geometry)
    except (TypeError, KeyError, IndexError, ValueError, OverflowError, RecursionError):
        return {"type": "unreadable"}


def _name_of(crs: Any) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""
