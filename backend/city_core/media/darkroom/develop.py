"""Decodes a stranger's photo and makes our own copies of it; runs only in a child that may die of it."""

from __future__ import annotations

import io

import pillow_heif
from PIL import Image, ImageCms

from city_core.kit.problems import CityProblem
from city_core.media.darkroom.disguises import check_undisguised
from city_core.media.darkroom.exif import orientation_in, said_in
from city_core.media.darkroom.limits import check_room
from city_core.media.darkroom.parcel import Copies
from city_core.media.darkroom.structure import end_of_picture, progressive_bytes
from city_core.media.kinds import check_pixels, kind_of, read_header
from city_core.media.looks import look_hash

LARGE_PX, SMALL_PX = 2048, 640
_STRIP_PIXELS = 4_000_000
_MOST_PROFILE_BYTES = 1_000_000
_BYTES_A_PIXEL = {"PNG": 5, "WEBP": 17, "HEIF": 12}  # measured; Pillow keeps RGB in four bytes
_MOST_SCALED_BYTES = 100_000_000  # of a JPEG, which is decoded at about the size of our copy
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
_SRGB = ImageCms.createProfile("sRGB")
Image.MAX_IMAGE_PIXELS = None  # how many a photo may have is said by its kind, before anything is decoded
# An embedded thumbnail may show something else than the photo; one thread, as the child may start no other.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def develop(data: bytes) -> Copies:
    """Make our own copies of a photo from its pixels alone, upright, in 2048 and 640 pixels.

    Of several pictures or frames in one file the first is the photo. Raises CityProblem for what is no
    photo, is damaged, has too many pixels or parts, or is something else too; MemoryError where the memory
    of this process was not enough.
    """
    read_header(data)
    kind = kind_of(data)
    check_undisguised(data, end_of_picture(kind, data))
    try:
        return _decode(kind, data)
    except (CityProblem, MemoryError):
        raise
    except Exception as error:  # decoders of strangers' bytes raise nearly anything
        raise CityProblem("PHOTO_NOT_AN_IMAGE", field="photo", allowed="an undamaged photo") from error


def _decode(kind: str, data: bytes) -> Copies:
    with Image.open(io.BytesIO(data), formats=[kind]) as picture:
        size = picture.size
        check_pixels(kind, size[0] * size[1])
        check_room(_memory_of(kind, data, size))
        picture.draft("RGB", (LARGE_PX, LARGE_PX))
        picture.load()
        said = said_in(picture)
        turn = orientation_in(picture)
        if kind == "HEIF":  # libheif has turned its pictures already
            size, turn = picture.size, 1
        large = _in_srgb(_shrunk(picture, LARGE_PX), picture.info.get("icc_profile"))
    if turn in _TURNS:  # Pillow's own exif_transpose writes the metadata anew, which fails for some phones'
        large = large.transpose(_TURNS[turn])
    width, height = (size[1], size[0]) if turn in _ON_ITS_SIDE else size
    small = _shrunk(large, SMALL_PX)
    return Copies(_as_jpeg(large, 82), _as_jpeg(small, 80), width, height, look_hash(small), said)


def _memory_of(kind: str, data: bytes, size: tuple[int, int]) -> int:
    """Estimate what decoding takes, bytes: a decoder that finds too little tells it apart from no damage."""
    if kind == "JPEG":
        return len(data) + progressive_bytes(data) + _MOST_SCALED_BYTES
    return len(data) + size[0] * size[1] * _BYTES_A_PIXEL[kind]


def _shrunk(picture: Image.Image, longest_px: int) -> Image.Image:
    """Make a smaller picture of nothing but opaque RGB pixels; a large one strip by strip, to save memory."""
    width, height = picture.size
    by = max(1, max(width, height) // longest_px)
    small = Image.new("RGB", (-(-width // by), -(-height // by)))
    rows = max(1, _STRIP_PIXELS // (width * by)) * by
    for top in range(0, height, rows):
        strip = _opaque(picture.crop((0, top, width, min(top + rows, height))))
        small.paste(strip.reduce(by), (0, top // by))
    small.thumbnail((longest_px, longest_px), Image.Resampling.BILINEAR)
    return small


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        return white
    return picture.convert("RGB")


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Show the colours that the camera meant; a profile that cannot be used is left out."""
    if not isinstance(profile, bytes) or not 128 <= len(profile) <= _MOST_PROFILE_BYTES:
        return picture
    try:
        changed = ImageCms.profileToProfile(picture, io.BytesIO(profile), _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return picture if changed is None else _bare(changed)


def _bare(picture: Image.Image) -> Image.Image:
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    return bare


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
