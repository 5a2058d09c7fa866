"""Reads what a photo's Exif says of how it was taken, as plain values that nobody believes yet.

Tags: Exif 2.32 (CIPA DC-008), the same in JPEG, PNG, WebP and HEIC. Any part of it may be damaged or hostile:
each value is read for itself, and what cannot be read was not said.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from PIL import Image

_MAKER, _CAMERA, _SOFTWARE = 0x010F, 0x0110, 0x0131
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TAKEN_AT, _OFFSET, _COMMENT = 0x9003, 0x9011, 0x9286
_LAT_REF, _LAT, _LNG_REF, _LNG, _TIME, _DATE = 1, 2, 3, 4, 7, 29
_LONGEST_TEXT = 240
_CODE_OF_COMMENT_BYTES = 8
Said = dict[str, Any]


def said_in(picture: Image.Image) -> Said:
    """Read date, place, camera and mark; keys as `capture.believable` takes them."""
    exif = _or_nothing(picture.getexif)
    if not exif:
        return {"has_metadata": False}
    taken = _or_nothing(lambda: exif.get_ifd(_EXIF_IFD)) or {}
    place = _or_nothing(lambda: exif.get_ifd(_GPS_IFD)) or {}
    said = {
        "taken_at": _or_nothing(lambda: _text(taken.get(_TAKEN_AT))),
        "offset": _or_nothing(lambda: _text(taken.get(_OFFSET))),
        "satellites_at": _or_nothing(lambda: _satellites(place)),
        "lng": _or_nothing(lambda: _degrees(place[_LNG], place.get(_LNG_REF), "W")),
        "lat": _or_nothing(lambda: _degrees(place[_LAT], place.get(_LAT_REF), "S")),
        "maker": _or_nothing(lambda: _text(exif.get(_MAKER))),
        "camera": _or_nothing(lambda: _text(exif.get(_CAMERA))),
        "software": _or_nothing(lambda: _text(exif.get(_SOFTWARE))),
        "comment": _or_nothing(lambda: _comment(taken.get(_COMMENT))),
    }
    return {name: value for name, value in said.items() if value is not None} | {"has_metadata": True}


def orientation_in(picture: Image.Image) -> int:
    """Read which way up the photo is to be shown, 1 to 8; 1 where that is not said."""
    found = _or_nothing(lambda: picture.getexif().get(0x0112))
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _or_nothing(read: Callable[[], Any]) -> Any:
    with contextlib.suppress(Exception):  # damaged metadata raises nearly anything, and damages nothing
        return read()
    return None


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value[:_LONGEST_TEXT].decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    text = value[:_LONGEST_TEXT].split("\0", 1)[0]
    with contextlib.suppress(UnicodeError):  # Exif knows only ASCII; phones write UTF-8 all the same
        text = text.encode("latin-1").decode("utf-8")
    return text.strip() or None


def _comment(value: object) -> str | None:
    if isinstance(value, bytes):
        coded = value[:_CODE_OF_COMMENT_BYTES] in (b"ASCII\0\0\0", b"\0" * _CODE_OF_COMMENT_BYTES)
        return _text(value[_CODE_OF_COMMENT_BYTES:] if coded else value)
    return _text(value)


def _degrees(parts: Any, reference: object, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    sign = -1 if _text(reference) == negative else 1
    return sign * (degrees + minutes / 60 + seconds / 3600)


def _satellites(place: Any) -> str:
    hour, minute, second = (int(part) for part in place[_TIME])
    return f"{_text(place[_DATE])} {hour:02d}:{minute:02d}:{second:02d}"
