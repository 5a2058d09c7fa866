"""How a photo's file is built, walked without decoding a pixel: where it ends, of how many parts it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from struct import error as ShortOfBytes
from struct import unpack_from

from city_core.kit.problems import CityProblem

MOST_SCANS = 100  # progressive photos of cameras have some ten; each one is decoded over the whole picture
MOST_SEGMENTS = 2_000
MOST_CHUNKS = 50_000
_NEXT_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_SCAN, _END = 0xDA, 0xD9


def end_of_picture(kind: str, data: bytes) -> int:
    """Find where the photo itself ends and other bytes may follow; refuses one of absurdly many parts.

    A photo that breaks off ends with its file: whether it can be shown is for its decoder to say.
    """
    try:
        return _ENDS[kind](data)
    except ShortOfBytes:
        return len(data)


def _end_of_jpeg(data: bytes) -> int:
    at, scans = 2, 0
    for _ in range(MOST_SEGMENTS):
        found = _NEXT_MARKER.search(data, at)
        if found is None:
            return len(data)
        at, marker = found.end(), data[found.end() - 1]
        if marker == _END:
            return at
        if marker == 0xD8:
            continue
        scans += marker == _SCAN
        if scans > MOST_SCANS:
            break
        at += max(2, unpack_from(">H", data, at)[0])
    raise _of_too_many_parts()


def _end_of_png(data: bytes) -> int:
    at = 8
    for _ in range(MOST_CHUNKS):
        length, name = unpack_from(">I4s", data, at)
        at += 12 + length
        if name == b"IEND":
            return at
    raise _of_too_many_parts()


def _end_of_webp(data: bytes) -> int:
    length: int = unpack_from("<I", data, 4)[0]
    return 8 + length + length % 2


def _end_of_heic(data: bytes) -> int:
    at = 0
    for _ in range(MOST_SEGMENTS):
        if at + 8 > len(data):
            return min(at, len(data))
        length, name = unpack_from(">I4s", data, at)
        if not name.isalnum() or length == 0:
            return int(at) if length else len(data)
        if length == 1:
            length = unpack_from(">Q", data, at + 8)[0]
        at += max(8, length)
    raise _of_too_many_parts()


def _of_too_many_parts() -> CityProblem:
    return CityProblem("PHOTO_TOO_COSTLY", field="photo", allowed="a photo as a camera writes it")


_ENDS: dict[str, Callable[[bytes], int]] = {
    "JPEG": _end_of_jpeg,
    "PNG": _end_of_png,
    "WEBP": _end_of_webp,
    "HEIF": _end_of_heic,
}
