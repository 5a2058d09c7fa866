"""Makes smaller copies of our own copies; strangers' photos are opened in the darkroom only."""

from __future__ import annotations

import io

from PIL import Image, ImageFilter


def make_glimpse(copy: bytes, *, longest_px: int, blur_px: int) -> bytes:
    """Make a very small copy of one of our own copies, blurred if it is asked for."""
    with Image.open(io.BytesIO(copy), formats=["JPEG"]) as picture:
        picture.draft("RGB", (longest_px, longest_px))
        tiny = picture.convert("RGB")
    tiny.thumbnail((longest_px, longest_px), Image.Resampling.BILINEAR, reducing_gap=2.0)
    out = io.BytesIO()
    (tiny.filter(ImageFilter.GaussianBlur(blur_px)) if blur_px else tiny).save(out, "JPEG", quality=70)
    return out.getvalue()
