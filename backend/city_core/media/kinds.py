"""What a photo is, told by its first bytes alone: no decoder is asked, so no decoder can be attacked.

Sizes are read only where a few bytes say them; everything else is the verdict of the darkroom, later.
Sources: ITU-T T.81 (JPEG), the PNG specification, RFC 9649 (WebP), ISO/IEC 23008-12 (HEIC).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from struct import error as ShortOfBytes
from struct import unpack_from

from city_core.kit.problems import CityProblem

CONTENT_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}
MOST_PIXELS = {"JPEG": 210_000_000, "PNG": 50_000_000, "WEBP": 50_000_000, "HEIF": 64_000_000}
ALLOWED_KINDS = "JPEG, PNG, WebP or HEIC"
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_ANY_HEIF_BRANDS = frozenset({b"mif1", b"msf1"})  # what they hold is said by the other brands
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_MOST_BRANDS_BYTES = 256
_MOST_SEGMENTS = 1_000
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


@dataclass(frozen=True)
class PictureHeader:
    """What the first bytes of a photo say: its content type, and its size in pixels where they say it."""

    content_type: str
    width_px: int | None = None
    height_px: int | None = None


def read_header(data: bytes) -> PictureHeader:
    """Recognise a photo by its content; refuses every other file, and more pixels than any phone takes."""
    kind = kind_of(data)
    width, height = _size_in(kind, data)
    check_pixels(kind, (width or 0) * (height or 0))
    return PictureHeader(CONTENT_TYPES[kind], width, height)


def kind_of(data: bytes) -> str:
    """Name the kind of a photo as Pillow names it."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if _is_heic(data):
        return "HEIF"
    raise CityProblem("PHOTO_NOT_AN_IMAGE", field="photo", allowed=ALLOWED_KINDS)


def check_pixels(kind: str, pixels: int) -> None:
    """Refuse more pixels than a photo of this kind may have."""
    if pixels > MOST_PIXELS[kind]:
        raise CityProblem("PHOTO_TOO_LARGE", field="photo", allowed=f"{MOST_PIXELS[kind]:,} pixels")


def _is_heic(data: bytes) -> bool:
    if data[4:8] != b"ftyp" or len(data) < 16:
        return False
    length = min(unpack_from(">I", data)[0], _MOST_BRANDS_BYTES)
    brands = {data[8:12], *(data[start : start + 4] for start in range(16, length, 4))}
    if brands & _HEIC_BRANDS:
        return True
    return bool(brands & _ANY_HEIF_BRANDS) and not brands & _AVIF_BRANDS


def _size_in(kind: str, data: bytes) -> tuple[int | None, int | None]:
    reader = _SIZE_READERS.get(kind)
    try:
        return reader(data) if reader is not None else (None, None)
    except ShortOfBytes:
        return None, None


def _size_of_jpeg(data: bytes) -> tuple[int | None, int | None]:
    at = 2
    for _ in range(_MOST_SEGMENTS):
        mark, marker = unpack_from(">BB", data, at)
        if mark != 0xFF or marker in (_START_OF_SCAN, _END_OF_IMAGE):
            break
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in _BARE_MARKERS:
            at += 2
        elif marker in _FRAME_MARKERS:
            height, width = unpack_from(">HH", data, at + 5)
            return width, height
        else:
            at += 2 + unpack_from(">H", data, at + 2)[0]
    return None, None


def _size_of_png(data: bytes) -> tuple[int | None, int | None]:
    if data[12:16] != b"IHDR":
        return None, None
    width, height = unpack_from(">II", data, 16)
    return width, height


def _size_of_webp(data: bytes) -> tuple[int | None, int | None]:
    form = data[12:16]
    if form == b"VP8X":
        width, height = unpack_from("<I", data, 24)[0] & 0xFFFFFF, unpack_from("<I", data, 26)[0] >> 8
        return width + 1, height + 1
    if form == b"VP8L":
        bits = unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None, None


_SIZE_READERS: dict[str, Callable[[bytes], tuple[int | None, int | None]]] = {
    "JPEG": _size_of_jpeg,
    "PNG": _size_of_png,
    "WEBP": _size_of_webp,
}
