"""The head of the chain, signed: kept outside the city, it shows later that nothing before it was cut off."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from city_core.audit.entry import FIRST_SEAL
from city_core.audit.keys import audit_keys
from city_core.audit.model import HEAD
from city_core.audit.seal import ONE
from city_core.kit.city import City

_PURPOSE = "yiwang audit head 1"


@dataclass(frozen=True)
class SignedHead:
    """How far the chain went at an instant: number and seal of its last entry, signed by Ed25519.

    `hash` is 64 hex digits, `time` ISO 8601 in UTC, `signature` base64, `key_id` the key of the log.
    """

    seq: int
    hash: str
    time: str
    key_id: str
    signature: str

    def to_json(self) -> str:
        """Write it as the file that is kept elsewhere."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2).decode()


class HeadInvalid(Exception):
    """This is no signed head, or not one that the key has signed; the message says which."""


async def export_head(city: City) -> SignedHead:
    """Sign the present end of the chain; what is not sealed yet is not part of it."""
    row = await city.database[HEAD].find_one({"_id": ONE}) or {"seq": 0, "seal": FIRST_SEAL}
    key = audit_keys(city.settings)[0]
    at = city.clock.now().astimezone(UTC).isoformat(timespec="milliseconds")
    unsigned = SignedHead(row["seq"], row["seal"].hex(), at, key.id, "")
    signature = base64.b64encode(key.signs.sign(_signed_text(unsigned))).decode()
    return SignedHead(unsigned.seq, unsigned.hash, at, key.id, signature)


def public_key(city: City) -> str:
    """Give the public key that heads are checked with, 64 hex digits; to be kept with them."""
    return audit_keys(city.settings)[0].public.hex()


def public_keys(city: City) -> dict[str, str]:
    """Give the public keys of the present and of earlier keys, by their ids."""
    return {key.id: key.public.hex() for key in audit_keys(city.settings)}


def read_head(text: str | bytes, public: str) -> SignedHead:
    """Read a head that was kept, and check its signature; needs no city, only the public key."""
    head = _parsed(text)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(base64.b64decode(head.signature, validate=True), _signed_text(head))
    except (ValueError, InvalidSignature) as error:
        raise HeadInvalid("The signature of the head is not right.") from error
    return head


def read_own_head(city: City, text: str | bytes) -> SignedHead:
    """Read a head that this city signed, with its present key or an earlier one."""
    public = public_keys(city).get(_parsed(text).key_id)
    if public is None:
        raise HeadInvalid("The head was signed with a key that this city does not have.")
    return read_head(text, public)


def _parsed(text: str | bytes) -> SignedHead:
    try:
        given: Any = orjson.loads(text)
        if not isinstance(given, Mapping) or set(given) != set(SignedHead.__dataclass_fields__):
            raise HeadInvalid("This is no head of an audit log.")
        head = SignedHead(**given)
        sound = type(head.seq) is int and head.seq >= 0 and len(bytes.fromhex(head.hash)) == 32
        datetime.fromisoformat(head.time)
    except (ValueError, TypeError) as error:
        raise HeadInvalid("This is no head of an audit log.") from error
    if not sound:
        raise HeadInvalid("This is no head of an audit log.")
    return head


def _signed_text(head: SignedHead) -> bytes:
    return orjson.dumps([_PURPOSE, head.seq, head.hash, head.time, head.key_id])
