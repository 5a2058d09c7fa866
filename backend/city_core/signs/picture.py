"""One sign as a picture, for whoever makes enamel plates or stickers of it."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from city_core.kit.mongo import Row
from city_core.settings import Settings
from city_core.signs.codes import in_groups
from city_core.signs.links import HOTLINE, page_of_sign
from city_core.signs.qr import QUIET, qr_squares
from city_core.signs.sheet import SUBTITLE, TITLE

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
WIDTH, HEIGHT = 1_080, 1_520
_BLUE, _INK, _GREY, _WHITE = "#0B5CAD", "#14202B", "#5B6875", "#FFFFFF"
_BAND, _FOOT, _MARGIN = 190, 150, 70
_MIDDLE = WIDTH // 2


def picture_of_sign(settings: Settings, sign: Row) -> bytes:
    """Draw a sign as a PNG of 1080 x 1520 pixels: in Chinese with the font of SIGN_FONT, else in English."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _WHITE)
    draw = ImageDraw.Draw(picture)
    has_chinese = settings.sign_font is not None
    draw.rectangle((0, 0, WIDTH, _BAND), fill=_BLUE)
    draw.rectangle((0, HEIGHT - _FOOT, WIDTH, HEIGHT), fill=_BLUE)
    bottom = _draw_qr(draw, page_of_sign(settings, sign["code"]))
    title, subtitle, name, where, hotline = _texts(sign, has_chinese)
    _write(draw, settings, title, 84, (_MARGIN, _BAND // 2), _WHITE, "lm")
    _write(draw, settings, subtitle, 36, (WIDTH - _MARGIN, _BAND // 2 + 8), _WHITE, "rm")
    _write(draw, settings, name, 64, (_MIDDLE, bottom + 122), _INK, "mm")
    _write(draw, settings, where, 36, (_MIDDLE, bottom + 194), _GREY, "mm")
    _write(draw, settings, in_groups(sign["code"]), 64, (_MIDDLE, bottom + 276), _INK, "mm")
    _write(draw, settings, f"{hotline}  {HOTLINE}", 60, (_MIDDLE, HEIGHT - _FOOT // 2), _WHITE, "mm")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, dpi=(300, 300))
    return out.getvalue()


def _texts(sign: Row, has_chinese: bool) -> tuple[str, str, str, str, str]:
    if not has_chinese:
        return "Scan me", "What is around · Report here", sign["name_en"], "", "Hotline"
    where = " · ".join(filter(None, (sign["street_name"], sign["address"])))
    return TITLE, SUBTITLE, sign["name_zh"], where, "服务热线"


def _draw_qr(draw: ImageDraw.ImageDraw, address: str) -> int:
    """Draw the QR code with its quiet zone below the band; answers where it ends."""
    rows = qr_squares(address)
    side = (WIDTH - 2 * _MARGIN) // (len(rows) + 2 * QUIET)
    left, top = (WIDTH - side * len(rows)) // 2, _BAND + QUIET * side
    for number, row in enumerate(rows):
        for column, is_black in enumerate(row):
            if is_black:
                x, y = left + column * side, top + number * side
                draw.rectangle((x, y, x + side - 1, y + side - 1), fill="#000000")
    return top + side * len(rows)


def _write(
    draw: ImageDraw.ImageDraw, settings: Settings, text: str, size: int, at: tuple[int, int], fill: str,
    anchor: str,
) -> None:  # fmt: skip
    path = str(settings.sign_font) if settings.sign_font else None
    while size > 20 and draw.textlength(text, font=_font(path, size)) > WIDTH - 2 * _MARGIN:
        size -= 2
    draw.text(at, text, font=_font(path, size), fill=fill, anchor=anchor)


@lru_cache(maxsize=64)
def _font(path: str | None, size: int) -> Font:
    return ImageFont.load_default(size) if path is None else ImageFont.truetype(Path(path), size)
