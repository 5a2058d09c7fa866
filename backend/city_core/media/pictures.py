"""Reads photos and makes our own copies of them: upright, of bounded size, without any metadata."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageFilter, UnidentifiedImageError

from city_core.kit.problems import CityProblem
from city_core.media.looks import look_hash

CONTENT_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
LARGE_PX, SMALL_PX = 2048, 640
_MOST_PIXELS = {"JPEG": 210_000_000, "PNG": 50_000_000, "WEBP": 50_000_000}
_ORIENTATION = 0x0112  # of Exif; what is to be done for each of its values
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})
Image.MAX_IMAGE_PIXELS = None  # the limits above are checked on the header, before anything is decoded


@dataclass(frozen=True)
class PictureHeader:
    """What the first bytes of a photo say: its content type and its size in pixels."""

    content_type: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class Copies:
    """Our own copies of a photo as JPEG, the upright size of the original, and the hash of its looks."""

    large: bytes
    small: bytes
    width_px: int
    height_px: int
    look_hash: str


def read_header(data: bytes) -> PictureHeader:
    """Recognise a photo by its content; refuses everything that is not JPEG, PNG or WebP."""
    try:
        with Image.open(io.BytesIO(data), formats=list(CONTENT_TYPES)) as picture:
            kind, (width, height) = _kind_of(picture), picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise CityProblem("PHOTO_NOT_AN_IMAGE", field="photo", allowed="JPEG, PNG or WebP") from error
    if width * height > _MOST_PIXELS[kind]:
        raise CityProblem("PHOTO_TOO_LARGE", field="photo", allowed=f"{_MOST_PIXELS[kind]:,} pixels")
    return PictureHeader(CONTENT_TYPES[kind], width, height)


def _kind_of(picture: Image.Image) -> str:
    """Several pictures in one JPEG, as many phones write them, are told as MPO; the first is the photo."""
    return "JPEG" if picture.format == "MPO" else picture.format or ""


def make_copies(data: bytes) -> Copies:
    """Decode a photo and encode it anew, upright, in 2048 and 640 pixels; refuses a broken one."""
    read_header(data)
    try:
        with Image.open(io.BytesIO(data), formats=list(CONTENT_TYPES)) as picture:
            size = picture.size
            picture.draft("RGB", (LARGE_PX, LARGE_PX))
            orientation = picture.getexif().get(_ORIENTATION, 1)
            large = _fresh(_upright(picture, orientation), LARGE_PX)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError) as error:
        raise CityProblem("PHOTO_NOT_AN_IMAGE", field="photo", allowed="an undamaged photo") from error
    width, height = (size[1], size[0]) if orientation in _ON_ITS_SIDE else size
    small = _fresh(large, SMALL_PX)
    return Copies(_as_jpeg(large, 82), _as_jpeg(small, 80), width, height, look_hash(small))


def _upright(picture: Image.Image, orientation: object) -> Image.Image:
    # Pillow's own exif_transpose writes the metadata anew, which fails for what some phones put there.
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return picture if turn is None else picture.transpose(turn)


def make_glimpse(copy: bytes, *, longest_px: int, blur_px: int) -> bytes:
    """Make a very small copy of one of our own copies, blurred so far that no face or plate can be read."""
    with Image.open(io.BytesIO(copy), formats=["JPEG"]) as picture:
        picture.draft("RGB", (longest_px, longest_px))
        tiny = _fresh(picture, longest_px)
    return _as_jpeg(tiny.filter(ImageFilter.GaussianBlur(blur_px)) if blur_px else tiny, 70)


def _fresh(picture: Image.Image, longest_px: int) -> Image.Image:
    picture = picture.convert("RGB")
    picture.thumbnail((longest_px, longest_px), Image.Resampling.BILINEAR, reducing_gap=2.0)
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)  # pixels only: a plain save would keep comments and profiles
    return clean


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
