"""The camera of the app: each shot is taken anew, and says in its Exif when, where and for which photo."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import UTC, datetime

from PIL import Image

Place = tuple[float, float]  # longitude, latitude, WGS-84 degrees
_EXIF_BLOCK, _GPS_BLOCK = 0x8769, 0x8825
_MAKER, _TAKEN_AT, _OFFSET, _COMMENT = 0x010F, 0x9003, 0x9011, 0x9286
_ASCII = b"ASCII\0\0\0"
_MOST_CUT = 0.08
_QUALITY = 82


@dataclass(frozen=True)
class Shot:
    """When and where a picture was taken (UTC); `media_id` where the app's own camera marks it."""

    taken_at: datetime
    place: Place | None = None
    media_id: str | None = None

    @property
    def exif(self) -> bytes:
        """Write it as cameras do."""
        exif = Image.Exif()
        exif[_MAKER] = "Yiwang demo phone"
        taken = exif.get_ifd(_EXIF_BLOCK)
        taken[_TAKEN_AT] = f"{self.taken_at.astimezone(UTC):%Y:%m:%d %H:%M:%S}"
        taken[_OFFSET] = "+00:00"
        if self.media_id is not None:
            taken[_COMMENT] = _ASCII + f"yiwang-camera/1 {self.media_id}".encode()
        if self.place is not None:
            lng, lat = self.place
            exif.get_ifd(_GPS_BLOCK).update({1: "N", 2: _degrees(lat), 3: "E", 4: _degrees(lng)})
        return exif.tobytes()


def take(scene: bytes, shot: Shot) -> bytes:
    """Take a picture of a scene: never from quite the same spot as the one before."""
    with Image.open(io.BytesIO(scene)) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    left, top, right, bottom = (random.uniform(0, _MOST_CUT) for _ in range(4))
    seen = (width * left, height * top, width * (1 - right), height * (1 - bottom))
    return _written(picture.crop(tuple(round(side) for side in seen)), shot)  # type: ignore[arg-type]


def keep_again(photo: bytes, shot: Shot) -> bytes:
    """Write a picture once more as it is, as if it had been taken then and there."""
    with Image.open(io.BytesIO(photo)) as opened:
        return _written(opened.convert("RGB"), shot)


def frame_of(scene: bytes, turn: int) -> bytes:
    """Give one frame of a fixed camera, 640 pixels wide: the light wavers from frame to frame."""
    with Image.open(io.BytesIO(scene)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((640, 640))
    out = io.BytesIO()
    picture.point(lambda value: min(255, value + turn % 8)).save(out, "JPEG", quality=70 + turn // 8)
    return out.getvalue()


def _written(picture: Image.Image, shot: Shot) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, exif=shot.exif)
    return out.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    whole, minutes = int(value), (value % 1) * 60
    return float(whole), float(int(minutes)), round((minutes % 1) * 60, 2)
