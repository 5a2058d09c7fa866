"""How a photo was taken, as its own metadata says: read once, kept where only staff may look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
