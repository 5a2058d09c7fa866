"""What is veiled in a photo before a citizen may see it: faces and number plates, beyond recovery."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PIL import Image, ImageDraw, ImageFilter

from city_core.media.pictures import make_glimpse

PUBLIC_PX = 1280
WHOLE = "whole"  # the veiler version of a public copy that is blurred all over
_MARGIN = 0.2  # of a region's size, added on every side: detectors cut off hair, chins and frames
_WHOLE_PX, _WHOLE_BLUR_PX = 320, 12
_QUALITY = 80


class RegionKind(StrEnum):
    """What a region of a photo gives away."""

    FACE = "FACE"
    PLATE = "PLATE"  # number plate 号牌


_CELLS = {RegionKind.FACE: (5, 6), RegionKind.PLATE: (4, 2)}  # across, down: what is left to be seen


@dataclass(frozen=True)
class Region:
    """One face or number plate; the place is in shares of the picture, from its top left."""

    kind: RegionKind
    confidence: float
    x: float
    y: float
    width: float
    height: float


class Veiler(Protocol):
    """Finds what is to be veiled; it tells that there is a face, never whose.

    `version` changes whenever the same photo could give other regions.
    """

    @property
    def version(self) -> str: ...

    def find(self, picture: bytes) -> Sequence[Region]:
        """Name the faces and number plates in a JPEG; raises ValueError for what is no picture."""
        ...


def veil_picture(large: bytes, regions: Iterable[Region]) -> bytes:
    """Make the public copy: our large copy with the regions veiled, at most 1280 pixels, without metadata.

    A veiled region keeps 30 cells of a face, 8 of a plate, and those are blurred into each other: the pixels
    themselves are gone, so that no sharpening brings them back.
    """
    with Image.open(io.BytesIO(large), formats=["JPEG"]) as opened:
        picture = Image.new("RGB", opened.size)
        picture.paste(opened.convert("RGB"))
    for region in regions:
        _veil(picture, region)
    picture.thumbnail((PUBLIC_PX, PUBLIC_PX), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return _as_jpeg(picture)


def veil_whole(large: bytes | None) -> bytes:
    """Make the public copy of a photo in which nobody could look for faces: blurred all over, or grey."""
    try:
        return make_glimpse(large or b"", longest_px=_WHOLE_PX, blur_px=_WHOLE_BLUR_PX)
    except (OSError, ValueError, SyntaxError, ImportError):  # the last one where ultralytics opens pictures
        return _as_jpeg(Image.new("RGB", (_WHOLE_PX, _WHOLE_PX * 3 // 4), "grey"))


def count_of(regions: Iterable[Region], kind: RegionKind) -> int:
    """Count the regions of a kind."""
    return sum(region.kind is kind for region in regions)


def _veil(picture: Image.Image, region: Region) -> None:
    box = veiled_box(region, picture.size)
    size = (box[2] - box[0], box[3] - box[1])
    if min(size) < 1:
        return
    across, down = _CELLS[region.kind]
    cells = picture.crop(box).resize((min(across, size[0]), min(down, size[1])), Image.Resampling.BOX)
    flat = cells.resize(size, Image.Resampling.NEAREST)
    softened = flat.filter(ImageFilter.GaussianBlur(max(size[0] / across, size[1] / down) / 2))
    picture.paste(softened, box, _shape(region.kind, size))


def veiled_box(region: Region, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Tell which pixels of a picture a region takes, margin included: left, top, right, bottom."""
    wide, high = size
    more_x, more_y = region.width * _MARGIN, region.height * _MARGIN
    return (
        max(0, int((region.x - more_x) * wide)),
        max(0, int((region.y - more_y) * high)),
        min(wide, int((region.x + region.width + more_x) * wide) + 1),
        min(high, int((region.y + region.height + more_y) * high) + 1),
    )


def _shape(kind: RegionKind, size: tuple[int, int]) -> Image.Image:
    """A plate is veiled to its corners; a face in a rounded box, so that less of the place is lost."""
    mask = Image.new("L", size, 255 if kind is RegionKind.PLATE else 0)
    if kind is RegionKind.FACE:
        corners = (0, 0, size[0] - 1, size[1] - 1)
        ImageDraw.Draw(mask).rounded_rectangle(corners, radius=min(size) * 0.3, fill=255)
    return mask


def _as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
