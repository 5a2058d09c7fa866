"""Which texts are taken for number plates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_workers.veil.plate_text import PROVINCES, SUFFIXES, reads_like_plate

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
SIGNS = LETTERS + "0123456789"
WIDE = 3.1


@st.composite
def chinese_plates(draw: st.DrawFn) -> str:
    rest = draw(st.text(SIGNS, min_size=5, max_size=6))
    digits = draw(st.lists(st.sampled_from("0123456789"), min_size=2, max_size=2))
    place = draw(st.integers(0, len(rest) - 2))
    rest = rest[:place] + "".join(digits) + rest[place + 2 :]
    return draw(st.sampled_from(PROVINCES)) + draw(st.sampled_from(LETTERS)) + rest


@given(chinese_plates(), st.sampled_from(["", " ", "·", "-"]), st.floats(1.2, 8.0))
def test_every_chinese_plate_is_one_however_it_is_spaced(plate: str, gap: str, shape: float) -> None:
    assert reads_like_plate(plate[:2] + gap + plate[2:], shape)
    assert reads_like_plate(plate.lower(), shape)


@given(chinese_plates())
def test_a_province_read_as_another_character_or_not_at_all_changes_nothing(plate: str) -> None:
    assert reads_like_plate("鱼" + plate[1:], WIDE)
    assert reads_like_plate(plate[1:], WIDE)


@given(chinese_plates(), st.sampled_from(SUFFIXES))
def test_the_last_character_may_say_what_the_vehicle_does(plate: str, suffix: str) -> None:
    assert reads_like_plate(plate[:6] + suffix, WIDE) or not any(sign.isdigit() for sign in plate[2:6])


@pytest.mark.parametrize(
    "text",
    [
        "鲁C·12345",
        "鲁CD12345",
        "京A8F0O1",
        "使198476",
        "WJ鲁1234X",
        "粤Z12F4港",
        "鲁C",
        "12A45挂",
        "M PE 3389",
    ],
)
def test_plates_of_every_kind(text: str) -> None:
    assert reads_like_plate(text, WIDE)


@pytest.mark.parametrize(
    "text",
    ["", "13853312345", "FOR LEASE", "出口", "中国移动", "限速40", "2026", "cero emisiones", "办证", "88折"],
)
def test_what_stands_on_signs_and_bills_is_none(text: str) -> None:
    assert not reads_like_plate(text, WIDE)


@given(st.text(SIGNS + PROVINCES, max_size=9), st.floats(8.01, 50) | st.floats(0.0, 1.19))
def test_nothing_much_wider_or_higher_than_a_plate_is_one(text: str, shape: float) -> None:
    assert not reads_like_plate(text, shape)
