"""What a child hands out of the darkroom, and what of it is taken: the child may be in an attacker's hands.

A parcel is the length of its label (4 bytes), the label as JSON, the large copy, the small copy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from struct import error as ShortOfBytes
from struct import pack, unpack_from
from typing import Any

from city_core.kit.problems import CityProblem

MOST_PARCEL_BYTES = 12_000_000
_MOST_LABEL_BYTES = 16_000
_VERDICTS = frozenset({"PHOTO_NOT_AN_IMAGE", "PHOTO_TOO_LARGE", "PHOTO_TOO_COSTLY", "PHOTO_DISGUISED"})
_LOOKS = re.compile(r"[0-9a-f]{16}")
_MOST_PIXELS = 1_000_000  # of one side
# Tables, frame, scans and the bare JFIF header: all that a JPEG of ours is made of.
_OWN_MARKERS = frozenset({0xC0, 0xC4, 0xDB, 0xDA, 0xDD, 0xE0})
_JFIF = b"\0\x10JFIF\0"
_LONGEST_SIDE_PX = 2048


@dataclass(frozen=True)
class Copies:
    """Our own copies of a photo as JPEG, its upright size in pixels, its looks, and what its Exif said."""

    large: bytes
    small: bytes
    width_px: int
    height_px: int
    look_hash: str
    said: Mapping[str, Any] = field(default_factory=dict)


class SpoiltParcel(Exception):
    """What came out of the darkroom is not what comes out of it."""


def pack_copies(copies: Copies) -> bytes:
    """Pack the copies of a photo."""
    label = {
        "width_px": copies.width_px,
        "height_px": copies.height_px,
        "look_hash": copies.look_hash,
        "said": copies.said,
        "large_bytes": len(copies.large),
        "small_bytes": len(copies.small),
    }
    return _pack(label) + copies.large + copies.small


def pack_refusal(problem: CityProblem) -> bytes:
    """Pack the reason why there are no copies."""
    return _pack({"refusal": problem.code, "allowed": problem.allowed})


def unpack(parcel: bytes) -> Copies:
    """Take out the copies; raises CityProblem with the child's refusal, SpoiltParcel for anything odd."""
    try:
        length = unpack_from(">I", parcel)[0]
        if length > _MOST_LABEL_BYTES:
            raise SpoiltParcel("label")
        label = json.loads(parcel[4 : 4 + length])
        if label.get("refusal") in _VERDICTS:
            raise CityProblem(label["refusal"], field="photo", allowed=str(label.get("allowed"))[:100])
        large_at = 4 + length
        small_at = large_at + _length(label["large_bytes"])
        if small_at + _length(label["small_bytes"]) != len(parcel):
            raise SpoiltParcel("length")
        copies = Copies(
            _own_jpeg(parcel[large_at:small_at]),
            _own_jpeg(parcel[small_at:]),
            _pixels(label["width_px"]),
            _pixels(label["height_px"]),
            _looks(label["look_hash"]),
            label["said"],
        )
    except (ShortOfBytes, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise SpoiltParcel("contents") from error
    if not isinstance(copies.said, dict):
        raise SpoiltParcel("label")
    return copies


def _pack(label: Mapping[str, Any]) -> bytes:
    written = json.dumps(label).encode()
    return pack(">I", len(written)) + written


def _looks(value: object) -> str:
    if not isinstance(value, str) or not _LOOKS.fullmatch(value):
        raise SpoiltParcel("looks")
    return value


def _length(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MOST_PARCEL_BYTES:
        raise SpoiltParcel("length")
    return value


def _pixels(value: object) -> int:
    if type(value) is not int or not 0 < value < _MOST_PIXELS:
        raise SpoiltParcel("size")
    return value


def _own_jpeg(data: bytes) -> bytes:
    """Take only a JPEG as we write it: no Exif, no XMP, no profile, no comment, nothing behind its end."""
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        raise SpoiltParcel("copy")
    at = 2
    while (marker := data[at + 1]) != 0xDA:
        _check_segment(data, at, marker)
        at += 2 + unpack_from(">H", data, at + 2)[0]
    return data


def _check_segment(data: bytes, at: int, marker: int) -> None:
    allowed = data[at] == 0xFF and marker in _OWN_MARKERS
    if marker == 0xE0:
        allowed = data.startswith(_JFIF, at + 2)
    if marker == 0xC0:
        allowed = max(unpack_from(">HH", data, at + 5)) <= _LONGEST_SIDE_PX
    if not allowed:
        raise SpoiltParcel("copy")
