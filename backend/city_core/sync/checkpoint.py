"""How far a phone has come in one scope, as a text that it keeps and gives back unread."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import orjson

from city_core.kit.problems import CityProblem

_LONGEST = 1_000
_ALLOWED = "a checkpoint that this scope was answered with, or none"


@dataclass(frozen=True)
class Checkpoint:
    """Everything up to `seq` was given out; `mark` sums up whose scope it is of.

    `first_until` is how far the feed was when the phone began with nothing: of what left the scope before
    then it needs no word.
    """

    epoch: str
    seq: int
    mark: str
    first_until: int

    def text(self) -> str:
        """Write it as an opaque text."""
        return written([self.epoch, self.seq, self.mark, self.first_until])


def checkpoint_from(text: str) -> Checkpoint:
    """Read a checkpoint back; anything else is refused."""
    found = read(text)
    if not isinstance(found, list) or [type(value) for value in found] != [str, int, str, int]:
        raise _invalid()
    return Checkpoint(*found)


def written(value: object) -> str:
    """Write plain values as a text that phones keep and give back unread."""
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


def read(text: str) -> object:
    """Read such a text back."""
    try:
        if len(text) > _LONGEST or not text.isascii():
            raise _invalid()
        found: object = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise _invalid() from error
    return found


def _invalid() -> CityProblem:
    return CityProblem("CHECKPOINT_INVALID", field="checkpoint", allowed=_ALLOWED)
