"""Sheets of signs to print: A4 with six cards each as PDF, the QR codes drawn as vectors."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import structlog
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from city_core.kit.mongo import Row
from city_core.settings import Settings
from city_core.signs.codes import in_groups
from city_core.signs.links import HOTLINE, page_of_sign
from city_core.signs.qr import qr_squares

log = structlog.get_logger()
COLUMNS, ROWS = 2, 3
BLUE, INK, GREY, LINE = HexColor(0x0B5CAD), HexColor(0x14202B), HexColor(0x5B6875), HexColor(0xB9C4CE)
TITLE, SUBTITLE = "一码惠民", "扫码查周边 · 一键报问题"
_WIDTH, _HEIGHT = 90 * mm, 86 * mm
_GAP = 6 * mm
_BAND, _QR = 14 * mm, 38 * mm
_QUIET = 5 * mm  # four squares of the smallest code there is, and more
_READERS_FONT = "STSong-Light"  # named in the PDF, drawn by whoever shows it
_LATIN, _LATIN_BOLD = "Helvetica", "Courier-Bold"


def sheet_of_signs(settings: Settings, signs: Sequence[Row]) -> bytes:
    """Draw the cards of signs onto as many pages as they need."""
    out = io.BytesIO()
    font = _font(str(settings.sign_font) if settings.sign_font else None)
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    canvas.setTitle("一码惠民标牌")
    for page in _pages(signs):
        for (x, y), sign in zip(_places(), page, strict=False):
            _card(canvas, font, settings, sign, x, y)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _pages(signs: Sequence[Row]) -> Iterator[Sequence[Row]]:
    each = COLUMNS * ROWS
    return (signs[start : start + each] for start in range(0, len(signs), each))


def _places() -> Iterator[tuple[float, float]]:
    left = (A4[0] - COLUMNS * _WIDTH - (COLUMNS - 1) * _GAP) / 2
    top = A4[1] - (A4[1] - ROWS * _HEIGHT - (ROWS - 1) * _GAP) / 2
    for row in range(ROWS):
        for column in range(COLUMNS):
            yield left + column * (_WIDTH + _GAP), top - _HEIGHT - row * (_HEIGHT + _GAP)


def _card(canvas: Canvas, font: str, settings: Settings, sign: Row, x: float, y: float) -> None:
    _frame(canvas, font, x, y)
    middle = x + _WIDTH / 2
    below = y + _HEIGHT - _BAND - _QUIET - _QR
    _qr(canvas, page_of_sign(settings, sign["code"]), middle - _QR / 2, below)
    canvas.setFillColor(INK)
    _fitted(canvas, sign["name_zh"], font, 13, middle, below - 8.5 * mm)
    canvas.setFillColor(GREY)
    where = " · ".join(filter(None, (sign["street_name"], sign["address"])))
    _fitted(canvas, where, font, 8, middle, below - 13.5 * mm)
    canvas.setFillColor(INK)
    canvas.setFont(_LATIN_BOLD, 12)
    canvas.drawString(x + 6 * mm, y + 5 * mm, in_groups(sign["code"]))
    canvas.setFillColor(BLUE)
    canvas.setFont(_LATIN, 12)
    number = canvas.stringWidth(HOTLINE, _LATIN, 12)
    canvas.drawString(x + _WIDTH - 6 * mm - number, y + 5 * mm, HOTLINE)
    canvas.setFont(font, 8)
    canvas.drawRightString(x + _WIDTH - 7.5 * mm - number, y + 5.3 * mm, "服务热线")


def _frame(canvas: Canvas, font: str, x: float, y: float) -> None:
    canvas.saveState()
    outline = canvas.beginPath()
    outline.roundRect(x, y, _WIDTH, _HEIGHT, 3 * mm)
    canvas.clipPath(outline, stroke=0, fill=0)
    canvas.setFillColor(BLUE)
    canvas.rect(x, y + _HEIGHT - _BAND, _WIDTH, _BAND, stroke=0, fill=1)
    canvas.restoreState()
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.6)
    canvas.roundRect(x, y, _WIDTH, _HEIGHT, 3 * mm, stroke=1, fill=0)
    canvas.line(x + 6 * mm, y + 11 * mm, x + _WIDTH - 6 * mm, y + 11 * mm)
    canvas.setFillColor(HexColor(0xFFFFFF))
    canvas.setFont(font, 17)
    canvas.drawString(x + 6 * mm, y + _HEIGHT - 9.2 * mm, TITLE)
    canvas.setFont(font, 8.5)
    canvas.drawRightString(x + _WIDTH - 6 * mm, y + _HEIGHT - 8.6 * mm, SUBTITLE)


def _qr(canvas: Canvas, address: str, x: float, y: float) -> None:
    """Draw each run of black squares as one rectangle; neighbouring squares would show seams."""
    rows = qr_squares(address)
    side = _QR / len(rows)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        start = None
        for column, is_black in enumerate([*row, False]):
            if is_black and start is None:
                start = column
            elif not is_black and start is not None:
                path.rect(x + start * side, y + _QR - (number + 1) * side, (column - start) * side, side)
                start = None
    canvas.setFillColor(HexColor(0x000000))
    canvas.drawPath(path, stroke=0, fill=1)


def _fitted(canvas: Canvas, text: str, font: str, size: float, middle: float, y: float) -> None:
    """Write a line in the middle: smaller where it is long, cut where it is longer still."""
    most = _WIDTH - 10 * mm
    while size > 6 and canvas.stringWidth(text, font, size) > most:
        size -= 0.5
    shown = text
    while shown and canvas.stringWidth(shown, font, size) > most:
        shown = shown[:-2] + "…"
    canvas.setFont(font, size)
    canvas.drawCentredString(middle, y, shown)


@lru_cache(maxsize=4)
def _font(path: str | None) -> str:
    """Embed the city's font; one with PostScript outlines cannot be, then the reader's is named."""
    if path is not None:
        name = f"signs-{Path(path).stem}"
        try:
            pdfmetrics.registerFont(TTFont(name, path))
        except TTFError:
            log.warning("font_not_embedded", setting="SIGN_FONT")
        else:
            return name
    pdfmetrics.registerFont(UnicodeCIDFont(_READERS_FONT))
    return _READERS_FONT
