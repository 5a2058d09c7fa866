"""What a photo may carry beside its picture, and what it may not: other files that somebody hid in it.

Honest phones append much: a film (motion photo), further pictures (MPO, gain maps), trailers of their makers,
XMP. So only what something else would open or run is refused: pages and scripts, documents, archives,
programs. Each sign is long enough not to occur in compressed pixels by chance.
"""

from __future__ import annotations

import re

from city_core.kit.problems import CityProblem

_SIGNS: tuple[tuple[bytes, re.Pattern[bytes]], ...] = (
    (b"<script", re.compile(rb"<script[\s>/]")),
    (b"<html", re.compile(rb"<html[\s>]")),
    (b"<!doctype", re.compile(rb"<!doctype\s")),
    (b"<iframe", re.compile(rb"<iframe[\s>]")),
    (b"<body", re.compile(rb"<body[\s>]")),
    (
        b"<svg",
        re.compile(rb"<svg[\s>/][^\0]{0,300}?(?:xmlns|onload|onbegin|<image|<foreignobject)", re.DOTALL),
    ),
    (b"<img", re.compile(rb"<img\s[^>\0]{0,300}?(?:onerror|onload|src)\s*=", re.DOTALL)),
    (b"<?php", re.compile(rb"<\?php\s")),
    (b"<?=", re.compile(rb"<\?=\s*[`$_a-z(][\x20-\x7e\s]{2,200}\?>")),
    (b"%pdf-", re.compile(rb"%pdf-\d\.\d")),
    (b"rar!\x1a\x07", re.compile(rb"rar!\x1a\x07[\0\x01]")),
    (b"7z\xbc\xaf\x27\x1c", re.compile(rb"7z\xbc\xaf\x27\x1c")),
)
_BEHIND_THE_PICTURE = (b"MZ", b"\x7fELF", b"\x1f\x8b\x08", b"PK\x03\x04", b"#!", b"\xca\xfe\xba\xbe", b"BZh")
_END_OF_ZIP = b"PK\x05\x06\0\0\0\0"  # where every reader of archives begins: near the end of the file
_LONGEST_END_OF_ZIP = 65_557
_SCRIPT_COMMENT_AS_LENGTH = b"\xff\xd8\xff\xe0/*"  # a JPEG whose first segment opens a comment of JavaScript


def check_undisguised(data: bytes, end_of_picture: int) -> None:
    """Refuse a file that is a photo and something else at once; `end_of_picture` is an offset into it."""
    lowered = data.lower()
    hidden = (
        any(_stands_in(lowered, needle, sign) for needle, sign in _SIGNS)
        or _END_OF_ZIP in data[-_LONGEST_END_OF_ZIP:]
        or data[end_of_picture : end_of_picture + 4_096].lstrip(b"\0 \r\n\t").startswith(_BEHIND_THE_PICTURE)
        or data.startswith(_SCRIPT_COMMENT_AS_LENGTH)
    )
    if hidden:
        raise CityProblem("PHOTO_DISGUISED", field="photo", allowed="a photo and nothing else")


def _stands_in(lowered: bytes, needle: bytes, sign: re.Pattern[bytes]) -> bool:
    at = lowered.find(needle)
    while at >= 0:
        if sign.match(lowered, at):
            return True
        at = lowered.find(needle, at + 1)
    return False
