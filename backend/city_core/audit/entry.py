"""One line of the audit log: what it is made of, how it is marked, and what may not stand in it.

Pure rules. A *mark* is the HMAC-SHA256 of one entry's contents, made by whoever writes it; a *seal* is that
of the seal before, the number in the chain and the mark. Encoding: JSON of a list with a fixed order of
fields, instants as milliseconds since 1970: decision 0034.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import orjson

FIELDS = (
    "_id", "at", "verb", "person_ref", "post", "subject_kind", "subject_id", "subject_count", "subjects_mark",
    "reason", "detail", "origin", "network", "command_id", "key_id",
)  # fmt: skip
# Entries say which of their writer's they are, empty lists left out; those from before that was so do not.
NUMBER = ("writer", "number", "unsettled", "unwritten")
FIRST_SEAL = bytes(32)
LONGEST_TEXT = 200
LONGEST_ID = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_AT = FIELDS.index("at")
# Phone numbers, identity cards, accounts: no run of seven digits or more stays readable.
_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class By(Protocol):
    """Who does something, in which post, and from where: the app, and the network of the connection."""

    @property
    def person_id(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def network(self) -> str: ...


def canonical(row: Mapping[str, Any]) -> bytes:
    """Write an entry the one way in which it is marked."""
    values = [row[name] for name in FIELDS]
    values[_AT] = (values[_AT] - _EPOCH) // _MILLISECOND
    if "writer" in row:
        values += [row.get(name) for name in NUMBER]
    return orjson.dumps(values)


def mark_of(key: bytes, row: Mapping[str, Any]) -> bytes:
    """Mark an entry: nobody without the key can change a letter of it unseen."""
    return hmac.digest(key, canonical(row), hashlib.sha256)


def seal_of(key: bytes, before: bytes, seq: int, mark: bytes) -> bytes:
    """Seal an entry into the chain, as number `seq` after the entry whose seal was `before`."""
    return hmac.digest(key, before + seq.to_bytes(8, "big") + mark, hashlib.sha256)


def mark_of_ids(key: bytes, ids: Iterable[str]) -> str:
    """Mark a list of ids, so that it can be shown later which ones they were, and not be read before."""
    return hmac.digest(key, orjson.dumps(sorted(ids)), hashlib.sha256).hex()


def masked(text: str, most: int = LONGEST_TEXT) -> str:
    """Shorten a text, with numbers of seven digits or more made unreadable."""
    return _NUMBER.sub("…", _CONTROL.sub(" ", text)).strip()[:most]


def shortened(text: str, most: int = LONGEST_TEXT) -> str:
    """Keep an id, or a text that the city itself made, unless it is far too long."""
    return _CONTROL.sub(" ", text)[:most]


def network_of(address: str) -> str:
    """See an address as the network that it lies in: 24 bits of IPv4, 48 of IPv6; blank without one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))
