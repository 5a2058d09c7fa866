"""Numbers of people, which no element of a grid keeps: of phones, identity cards, accounts."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = re.compile(r"[\s\-_.·,，]")
_NUMBER = re.compile(r"\d{7}")


def holds_number(text: str) -> bool:
    """Tell whether a text holds such a number, also with wide digits or with signs between them."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    return bool(_NUMBER.search(plain))
