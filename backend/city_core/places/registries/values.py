"""How the values of a row are read from what a file holds, and written so that the same is read again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson

from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.places.codes import DIGITS, checked_code, component_code
from city_core.places.components.model import ComponentState
from city_core.places.elements.model import ElementKind
from city_core.places.points.hours_text import read_hours
from city_core.places.points.model import PointState
from city_core.places.registries.faults import BadValue

Read = Callable[[str], Any]
_ID = re.compile(r"[0-9A-Za-z_-]{1,40}")
_HOURS = re.compile(r"([1-7](?:-[1-7])?(?:,[1-7](?:-[1-7])?)*) ([012]\d:[0-5]\d)-([012]\d:[0-5]\d)")
_DAY = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ].*)?")
_MOST_ATTRIBUTES = 40

COMPONENT_STATES: Mapping[str, str] = {
    "完好": ComponentState.IN_USE, "破损": ComponentState.DAMAGED, "丢失": ComponentState.MISSING,
    "废弃": ComponentState.ABANDONED, "移除": ComponentState.REMOVED,
}  # fmt: skip
POINT_STATES: Mapping[str, str] = {
    "开放": PointState.IN_USE, "暂停开放": PointState.CLOSED, "已移除": PointState.REMOVED,
}  # fmt: skip
ELEMENT_STATES: Mapping[str, str] = {"在册": "IN_USE", "已移除": "REMOVED"}
DATA_SOURCES: Mapping[str, str] = {
    "实测": "SURVEYED", "地形图": "MAP", "基础地理数据": "BASE_DATA", "其他": "OTHER",
}  # fmt: skip
ELEMENT_KINDS: Mapping[str, str] = {
    "人": ElementKind.PERSON, "地": ElementKind.LAND, "事": ElementKind.MATTER, "物": ElementKind.THING,
    "组织": ElementKind.ORGANISATION,
}  # fmt: skip
_YES, _NO = frozenset({"true", "1", "yes", "是"}), frozenset({"false", "0", "no", "否"})


def text(most: int) -> Read:
    """Read a text of at most so many characters."""

    def read(cell: str) -> str:
        try:
            return checked_text(cell, field="", most=most)
        except CityProblem as problem:
            allowed = f"0 to {most} characters"
            raise BadValue(
                "文字过长或含有控制字符", "too long, or with control characters", allowed
            ) from problem

    return read


def phone(cell: str) -> str:
    """Read a number to ring up; one with stars was masked for its reader, and never replaces the real one."""
    if "*" in cell or "＊" in cell:
        raise BadValue("号码已被遮盖，不能写入", "a masked number", "the whole number, or none")
    return str(text(40)(cell))


def one_of(words: Mapping[str, str]) -> Read:
    """Read a word of a closed list, by its Chinese or its English name."""
    known = {**{str(value): str(value) for value in words.values()}, **{k: str(v) for k, v in words.items()}}

    def read(cell: str) -> str:
        found = known.get(cell) or known.get(cell.upper())
        if found is None:
            allowed = ", ".join(f"{zh}/{value}" for zh, value in words.items())
            raise BadValue(f"未知的取值“{cell[:40]}”", f"unknown value {cell[:40]!r}", allowed)
        return found

    return read


def choice(*values: str) -> Read:
    """Read one of a few values."""
    return one_of({value: value for value in values})


def yes_no(cell: str) -> bool:
    """Read a yes or no."""
    if cell.lower() in _YES | _NO:
        return cell.lower() in _YES
    raise BadValue("应为是或否", "neither yes nor no", "true/false, 1/0, 是/否")


def day(cell: str) -> str:
    """Read a day, written 2026-11-22 or 20261122; answers the first form."""
    found = _DAY.fullmatch(cell)
    try:
        return date(*map(int, found.groups())).isoformat() if found else _no_day()
    except ValueError as error:
        raise BadValue("不是有效日期", "this is no day", "YYYY-MM-DD, YYYYMMDD") from error


def _no_day() -> str:
    raise ValueError


def place_code(*kinds: str) -> Read:
    """Read the code of a division or unit grid, by its number of digits."""
    allowed = " or ".join(f"{DIGITS[kind]} digits ({kind})" for kind in kinds)

    def read(cell: str) -> str:
        for kind in kinds:
            if len(cell) == DIGITS[kind]:
                try:
                    return checked_code(kind, cell)
                except CityProblem:
                    break
        raise BadValue("编码长度或字符不符合规则", "the code has a wrong length or other signs", allowed)

    return read


def component_id(cell: str) -> str:
    """Read the code of a component, of 16 digits or of 17; a serial counts from 1 on."""
    try:
        found = component_code(cell)
    except CityProblem as problem:
        allowed = "16 digits (2013), 17 digits (2026)"
        raise BadValue("部件标识码长度或字符不符合规则", "no code of a component", allowed) from problem
    if found.serial == 0:
        raise BadValue("部件标识码的顺序号应从1开始", "the serial counts from 1 on", "000001 to 999999")
    return cell


def own_id(cell: str) -> str:
    """Read an identifier that the city gives out itself."""
    if _ID.fullmatch(cell):
        return cell
    raise BadValue("编号含有不允许的字符或过长", "no identifier", "1 to 40 characters A-Z a-z 0-9 _ -")


def grid_list(cell: str) -> list[str]:
    """Read the codes of unit grids, semicolons between."""
    read = place_code("unit_grid")
    return sorted({read(part.strip()) for part in cell.replace(",", ";").split(";") if part.strip()})


def hours(cell: str) -> list[dict[str, Any]]:
    """Read opening hours: as exports have them, `1-5 08:00-18:00; 6,7 09:00-24:00`, or in words."""
    parts = [_HOURS.fullmatch(part.strip()) for part in cell.split(";") if part.strip()]
    if parts and all(parts):
        return [_hours_of(part) for part in parts if part is not None]
    try:
        return read_hours(cell)
    except CityProblem as problem:
        allowed = f"1-5 08:00-18:00; 6,7 09:00-17:00, {problem.allowed}"
        raise BadValue("开放时间格式不正确", "no opening hours", allowed) from problem


def _hours_of(found: re.Match[str]) -> dict[str, Any]:
    if max(found[2], found[3]) > "24:00" or found[2] == found[3]:
        raise BadValue("开放时间格式不正确", "no opening hours", "1-5 08:00-18:00; 6,7 09:00-17:00")
    days: set[int] = set()
    for piece in found[1].split(","):
        first, _, last = piece.partition("-")
        days |= set(range(int(first), int(last or first) + 1))
    return {"days": sorted(days), "opens_at": found[2], "closes_at": found[3]}


def write_hours(value: list[dict[str, Any]]) -> str:
    """Write opening hours as they are read."""
    return "; ".join(
        f"{','.join(map(str, row['days']))} {row['opens_at']}-{row['closes_at']}" for row in value
    )


def attributes(cell: str) -> dict[str, str]:
    """Read further attributes, an object of texts as JSON."""
    try:
        found = orjson.loads(cell)
    except ValueError:
        found = None
    fits = isinstance(found, dict) and len(found) <= _MOST_ATTRIBUTES
    if not fits or any(not isinstance(value, str) or len(value) > 200 for value in found.values()):
        allowed = f'{{"name": "text"}}, at most {_MOST_ATTRIBUTES} of 200 characters'
        raise BadValue("附加属性应为文字组成的JSON对象", "no JSON object of texts", allowed)
    return dict(sorted(found.items()))


def write_json(value: Any) -> str:
    """Write a value as JSON."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
