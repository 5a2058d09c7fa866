"""What is printed of signs: the QR codes lead to their pages, the cards say which sign it is."""

from __future__ import annotations

import base64
import re
import zlib
from typing import Any

import cv2
import numpy
import pytest

from city_core.settings import Settings
from city_core.signs.codes import in_groups, new_code, sign_keys
from city_core.signs.links import link_to_app, link_to_mini_program, page_of_sign
from city_core.signs.picture import HEIGHT, WIDTH, picture_of_sign
from city_core.signs.sheet import sheet_of_signs
from tests.conftest import TOKEN_KEY

SETTINGS = Settings(token_private_key=TOKEN_KEY, public_url="https://yiwang.example.org/")  # type: ignore[arg-type]


def a_sign(**more: str) -> dict[str, Any]:
    code = new_code(sign_keys(SETTINGS))
    return {
        "code": code, "name_zh": "公园街道公共厕所3号", "name_en": "Public toilet", "street_name": "公园街道",
        "address": "柳泉路107号", **more,
    }  # fmt: skip


def test_the_qr_code_of_a_picture_leads_to_the_page_of_its_sign() -> None:
    sign = a_sign()
    data = numpy.frombuffer(picture_of_sign(SETTINGS, sign), numpy.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert picture.shape == (HEIGHT, WIDTH, 3)
    read, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert read == f"https://yiwang.example.org/s/{sign['code']}"
    small = cv2.resize(picture, (WIDTH // 4, HEIGHT // 4), interpolation=cv2.INTER_AREA)
    cv2.circle(small, (WIDTH // 8, 150), 22, (0, 0, 200), -1)  # a sticker in its middle
    assert cv2.QRCodeDetector().detectAndDecode(small)[0] == read


@pytest.mark.parametrize(("signs", "pages"), [(1, 1), (6, 1), (7, 2), (200, 34)])
def test_a_sheet_has_six_signs_a_page(signs: int, pages: int) -> None:
    pdf = sheet_of_signs(SETTINGS, [a_sign() for _ in range(signs)])
    assert pdf.startswith(b"%PDF-") and len(pdf) < 10_000 + 5_000 * signs
    assert len(re.findall(rb"/Type /Page\b", pdf)) == pages


def test_a_card_says_name_street_code_and_hotline() -> None:
    sign = a_sign()
    pdf = sheet_of_signs(SETTINGS, [sign])
    assert b"STSong-Light" in pdf
    [drawn] = _pages(pdf)
    shown = _texts(drawn)
    assert {in_groups(sign["code"]), "12345"} <= shown
    assert {sign["name_zh"], "公园街道 · 柳泉路107号", "一码惠民", "服务热线"} <= shown


def test_a_name_that_is_too_long_is_cut() -> None:
    [drawn] = _pages(sheet_of_signs(SETTINGS, [a_sign(name_zh="很长的名字" * 30)]))
    assert any(text.startswith("很长的名字") and text.endswith("…") for text in _texts(drawn))


def test_links_to_the_mini_program_are_there_once_the_city_has_one() -> None:
    assert link_to_mini_program(SETTINGS, "ABC") is None
    own = SETTINGS.model_copy(update={"wechat_app_id": "wx123"})
    assert link_to_mini_program(own, "ABC") == (
        "weixin://dl/business/?appid=wx123&path=pages%2Freport%2Freport&query=sign%3DABC"
    )
    assert link_to_app(SETTINGS, "ABC") == "yiwang://report?sign=ABC"
    assert page_of_sign(SETTINGS, "ABC") == "https://yiwang.example.org/s/ABC"


def _pages(pdf: bytes) -> list[bytes]:
    """Read what is drawn on each page."""
    streams = re.findall(rb"/ASCII85Decode[^>]*>>\s*stream\r?\n(.*?)~>", pdf, re.DOTALL)
    return [zlib.decompress(base64.a85decode(stream)) for stream in streams]


def _texts(drawn: bytes) -> set[str]:
    """Read the texts of a page: Chinese ones are UCS-2, the others Latin."""
    found = set()
    for raw in re.findall(rb"\((.*?)(?<!\\)\) Tj", drawn, re.DOTALL):
        data = re.sub(rb"\\([0-7]{3}|.)", _unescaped, raw, flags=re.DOTALL)
        is_latin = data.isascii() and b"\0" not in data
        found.add(data.decode("latin-1" if is_latin else "utf-16-be"))
    return found


def _unescaped(escaped: re.Match[bytes]) -> bytes:
    return bytes([int(escaped[1], 8)]) if len(escaped[1]) == 3 else escaped[1]
