"""The photos that the phones of the demo take."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from PIL import Image

PHOTOS = Path(__file__).resolve().parents[2] / "demo" / "photos"
NOT_A_PHOTO = "这不是照片，只是一段文字。This is a text that somebody named photo.jpg.\n".encode()

_PAGE = b"<html><body><script>document.title = document.domain</script></body></html>"
_SCAN, _END = b"\xff\xda", b"\xff\xd9"


def of_many_scans(scans: int) -> bytes:
    """Make a progressive JPEG whose last scan comes again and again: small to send, endless to decode."""
    buffer = io.BytesIO()
    Image.new("L", (2000, 2000), 128).save(buffer, "JPEG", progressive=True)
    begin, *parts = buffer.getvalue()[: -len(_END)].split(_SCAN)
    return _SCAN.join([begin, *parts, *[parts[-1]] * (scans - len(parts))]) + _END


def with_a_page(photo: bytes) -> bytes:
    """Hide a web page behind a photo: a browser that opens the file as a page would run it."""
    return photo + _PAGE


def photo_of(label: str, turn: int, *, after: bool = False) -> bytes:
    """Give a photo of a kind of problem, or the very one that is named; or of the place when put right."""
    moment = "after" if after else "before"
    found = sorted([*PHOTOS.glob(f"{label}_{moment}.jpg"), *PHOTOS.glob(f"{label}_?_{moment}.jpg")])
    return found[turn % len(found)].read_bytes() if found else _plain(after)


def view_of_a_camera() -> bytes:
    """Give what a fixed camera sees of its street: a stall."""
    view = PHOTOS / "street_camera_view.jpg"
    return view.read_bytes() if view.is_file() else _plain(False)


@cache
def _plain(after: bool) -> bytes:
    """Stand in for a missing photo, so that the morning does not depend on its pictures."""
    image = Image.new("RGB", (960, 720), (120, 170, 110) if after else (150, 140, 130))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
