"""How a photo was taken, as its own metadata says: read once, kept where only staff may look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

BEIJING = timezone(timedelta(hours=8))
APP_CAMERA = "yiwang-camera/1"
_LONGEST_NAME = 60
_FIRST_YEAR = 2000
_AHEAD = timedelta(days=1)  # clocks of phones are wrong, but not by more than a time zone and a summer
_TIME = re.compile(r"(\d{4})[:\-](\d\d)[:\-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
_MARK = re.compile(re.escape(APP_CAMERA) + r" ([0-9A-Fa-f-]{32,36})")


@dataclass(frozen=True)
class Capture:
    """When, where and with what a photo was taken; nothing where its metadata is silent or not believable.

    `taken_at` is a UTC instant: Exif times without an offset are read as Beijing time 北京时间. The place is
    WGS-84, degrees. `software` names the program that last wrote the file, where one did. `app_mark` is the
    photo id that the app's own camera writes into the picture (`yiwang-camera/1 <mediaId>` in Exif's
    UserComment).
    """

    taken_at: datetime | None = None
    lng: float | None = None
    lat: float | None = None
    maker: str | None = None
    camera: str | None = None
    software: str | None = None
    app_mark: str | None = None
    has_metadata: bool = False


def believable(said: Mapping[str, Any], now: datetime) -> Capture:
    """Keep what can be true of what a photo's metadata said; nothing in it is trusted.

    `said` has texts under taken_at, offset, satellites_at, maker, camera, software, comment, degrees under
    lng and lat, and has_metadata. The time of the satellites, UTC, counts where the camera's own is missing.
    """
    place = _place(said.get("lng"), said.get("lat"))
    return Capture(
        taken_at=_instant(said.get("taken_at"), said.get("offset"), BEIJING, now)
        or _instant(said.get("satellites_at"), None, UTC, now),
        lng=place[0] if place else None,
        lat=place[1] if place else None,
        maker=_name(said.get("maker")),
        camera=_name(said.get("camera")),
        software=_name(said.get("software")),
        app_mark=_app_mark(said.get("comment")),
        has_metadata=said.get("has_metadata") is True,
    )


def _instant(text: object, offset: object, unless_told: timezone, now: datetime) -> datetime | None:
    found = _TIME.match(text) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in found.groups())
        local = datetime(year, month, day, hour, minute, second, tzinfo=_zone(offset) or unless_told)
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if instant.year >= _FIRST_YEAR and instant <= now + _AHEAD else None


def _zone(offset: object) -> timezone | None:
    found = _OFFSET.match(offset) if isinstance(offset, str) else None
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _place(lng: object, lat: object) -> tuple[float, float] | None:
    if isinstance(lng, bool) or isinstance(lat, bool):
        return None
    if not isinstance(lng, int | float) or not isinstance(lat, int | float):
        return None
    known = abs(lng) <= 180 and abs(lat) <= 90  # before anything is made of it: whole numbers have no end
    somewhere = abs(lng) > 1e-6 or abs(lat) > 1e-6  # 0, 0 is what phones write that know no place
    return (round(float(lng), 7), round(float(lat), 7)) if known and somewhere else None


def _name(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    readable = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * _LONGEST_NAME])
    return " ".join(readable.split())[:_LONGEST_NAME].strip() or None


def _app_mark(comment: object) -> str | None:
    found = _MARK.fullmatch(comment.strip("\0 ")) if isinstance(comment, str) else None
    marked = found[1].replace("-", "").lower() if found else ""
    return marked if len(marked) == 32 else None
