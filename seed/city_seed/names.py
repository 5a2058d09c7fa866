"""Invented names and phone numbers: 400 names, none twice, and the made-up number series 1990533."""

from __future__ import annotations

_SURNAMES = "王李张刘陈杨赵孙周徐马朱胡郭林高于宋韩田"
_GIVEN = (
    "建国", "秀英", "志强", "丽娟", "晓东", "海燕", "文博", "雪梅", "宏伟", "晨曦",
    "立新", "玉兰", "俊杰", "慧敏", "永刚", "春霞", "子涵", "桂芳", "明远", "佳怡",
)  # fmt: skip


def invented_name(index: int) -> str:
    """Make the name of the person with this number, 0 to 399."""
    surname, turn = index % len(_SURNAMES), index // len(_SURNAMES)
    if not 0 <= turn < len(_GIVEN):
        raise ValueError("there are 400 invented names, numbered from 0")
    return _SURNAMES[surname] + _GIVEN[(turn + 3 * surname) % len(_GIVEN)]


def invented_phone(series: int, number: int) -> str:
    """Make a phone number of the made-up series: 1990533, one digit for the post, three for the person."""
    return f"1990533{series}{number:03d}"
