"""Judges whether what was read in a photo is a number plate 号牌: errs on the side of veiling.

Chinese plates after GA 36-2018: 省 and a letter, then five characters, six for new energy 新能源, the last of
which may say 警 学 挂 港 澳 使 领; two lines on yellow ones; 使 and 领 of embassies; WJ of the armed police.
Plates from elsewhere: five to eight letters and digits, mixed.
"""

from __future__ import annotations

import re

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
SUFFIXES = "警学挂港澳使领试超"
_ANY_HAN = "\u4e00-\u9fff"  # readers take one province for another character: any is believed
_SPACERS = re.compile(r"[\s·•・.,:;'\"`\-_—–|/\\]+")
_WITH_PROVINCE = re.compile(f"[{PROVINCES}][A-Z0-9](?=.*[0-9])[A-Z0-9]{{3,6}}[{SUFFIXES}]?")
_WHOLE_PLATES = (
    re.compile(f"(^|[^{_ANY_HAN}])[{_ANY_HAN}][A-Z][A-Z0-9]{{4,6}}[{SUFFIXES}]?$"),
    re.compile(r"[使领][0-9]{6}|[0-9]{6}[使领]"),
    re.compile(f"^WJ[{PROVINCES}]?[0-9]{{4,5}}[A-Z]?$"),
    re.compile(f"^[A-Z0-9]{{4,6}}[{SUFFIXES}]$"),
)
_UPPER_LINE = re.compile(f"^[{PROVINCES}][A-Z0-9]$")  # of a plate that has two
_FOREIGN = re.compile(r"^[A-Z0-9]{5,8}$")
_LEAST_DIGITS = 2
_SHAPES = (1.2, 8.0)  # width for one of height; slanted and two-line ones included


def reads_like_plate(text: str, shape: float) -> bool:
    """Tell whether a text could be a number plate, or most of one; `shape` is its width by its height."""
    if not _SHAPES[0] <= shape <= _SHAPES[1]:
        return False
    plain = _SPACERS.sub("", text.upper())
    if _UPPER_LINE.match(plain) or _WITH_PROVINCE.search(plain):
        return True
    if sum(character.isdigit() for character in plain) < _LEAST_DIGITS:
        return False
    if any(pattern.search(plain) for pattern in _WHOLE_PLATES):
        return True
    mixed = any("A" <= character <= "Z" for character in plain)
    return mixed and _FOREIGN.match(plain) is not None
