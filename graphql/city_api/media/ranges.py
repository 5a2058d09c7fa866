"""What conditions and ranges of a GET ask for (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})", re.ASCII)


class NoSuchRange(Exception):
    """None of what was asked for lies within the file: 416."""


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Tell whether whoever asks has these very bytes already."""
    if if_none_match is None:
        return False
    named = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in named or etag in named


def range_in(asked: str | None, if_range: str | None, etag: str, length: int) -> range | None:
    """Tell which bytes are wanted; nothing means all of them.

    Several ranges, other units and what is not well formed are answered with the whole, as is a range of
    bytes that have changed since (`If-Range`; a date never says enough).
    """
    found = _ONE_RANGE.fullmatch(asked.strip()) if asked is not None else None
    if found is None or found.groups() == ("", "") or if_range not in (None, etag):
        return None
    first, last = found.groups()
    if not first:
        wanted = range(max(0, length - int(last)), length)
    else:
        if last and int(last) < int(first):
            return None
        wanted = range(int(first), min(length, int(last) + 1 if last else length))
    if not wanted:
        raise NoSuchRange
    return wanted
