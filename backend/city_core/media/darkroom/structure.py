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
_ENDLESS_FILL = b"\xff" * 4_096  # lawful, and decoders read it byte by byte
_SCAN, _END = 0xDA, 0xD9
_FRAMES_OF_SCANS = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_FRAMES_AT_ONCE = frozenset({0xC0, 0xC1})


def end_of_picture(kind: str, data: bytes) -> int:
    """Find where the photo itself ends and other bytes may follow; refuses one of absurdly many parts.

    A photo that breaks off ends with its file: whether it can be shown is for its decoder to say.
    """
    try:
        return _ENDS[kind](data)
    except ShortOfBytes:
        return len(data)


def progressive_bytes(jpeg: bytes) -> int:
    """Compute what a progressive JPEG takes until its last scan: two bytes for each coefficient."""
    found = _NEXT_MARKER.search(jpeg, 2)
    while found is not None and jpeg[found.end() - 1] not in _FRAMES_AT_ONCE:
        at, marker = found.end(), jpeg[found.end() - 1]
        if marker in _FRAMES_OF_SCANS:
            return _coefficients(jpeg[at + 3 : at + 20]) * 2
        found = _NEXT_MARKER.search(jpeg, at + max(2, unpack_from(">H", jpeg, at)[0]))
    return 0


def _coefficients(frame: bytes) -> int:
    height, width, components = (int(value) for value in unpack_from(">HHB", frame))
    factors = [(frame[6 + 3 * number] >> 4) * (frame[6 + 3 * number] & 15) for number in range(components)]
    return width * height * sum(factors) // max(1, *factors) if components > 1 else width * height


def _end_of_jpeg(data: bytes) -> int:
    at, scans = 2, 0
    for _ in range(MOST_SEGMENTS):
        found = _NEXT_MARKER.search(data, at)
        if found is None:
            return len(data)
        if data[max(0, found.start() - len(_ENDLESS_FILL)) : found.start()] == _ENDLESS_FILL:
            break
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
    at: int = 8
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
    at: int = 0
    for _ in range(MOST_SEGMENTS):
        if at + 8 > len(data):
            return min(at, len(data))
        length, name = unpack_from(">I4s", data, at)
        if not name.isalnum() or length == 0:
            return at if length else len(data)
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
