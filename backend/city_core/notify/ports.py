"""How a hint reaches a person's device, whoever carries it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class PushAddress:
    """One device at one provider; `fid` is replacing `token`, so the kind is kept with the value."""

    kind: Literal["token", "fid"]
    value: str


@dataclass(frozen=True)
class PushMessage:
    """A hint that something waits in the inbox; it holds nothing personal, the inbox holds the truth.

    `emergency` asks the phone to break through what keeps it silent, where its system lets it.
    `message_id` names the inbox message: a repeated hint with the same id shows once on the device.
    """

    message_id: str
    type: str
    id: str
    seq: int
    urgency: Literal["normal", "high", "emergency"]


@dataclass(frozen=True)
class Delivered:
    """The provider took the hint; whether a person saw it, only their acknowledgement tells."""

    provider_id: str


@dataclass(frozen=True)
class AddressGone:
    """The device will never be reached at this address again: forget it."""

    reason: str


@dataclass(frozen=True)
class Rejected:
    """The provider will never take this hint: do not repeat it."""

    reason: str


@dataclass(frozen=True)
class RetryAfter:
    """The provider asks to come back after so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Unknown:
    """Nobody can tell whether the hint arrived: repeat it within the limits of the ladder."""

    reason: str


Outcome = Delivered | AddressGone | Rejected | RetryAfter | Unknown


class PushGateway(Protocol):
    """A provider of push messages: FCM, and for phones without Google services their makers' own."""

    name: str

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        """Sends each hint to its device; gives one outcome each, in order, in bounded time; never raises."""
        ...

    async def close(self) -> None:
        """Lets go of the provider."""
        ...
