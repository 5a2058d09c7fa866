"""How a hint reaches a person's device, whoever carries it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from city_core.people.push_addresses import AddressKind, Provider


@dataclass(frozen=True)
class PushAddress:
    """One device at one provider; what leads to the device is never shown in a log.

    `kind` is how the provider names it: FCM's `fid` is replacing its `token`, a browser gives a
    `subscription` with `keys` (`p256dh` and `auth`, base64url), WeChat an `openid`, makers of phones a
    `token` or a `registration`.
    """

    kind: AddressKind
    value: str = field(repr=False)
    provider: Provider = "fcm"
    keys: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)


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
    """A provider of push messages: FCM, makers' own for phones without Google services, browsers, WeChat."""

    name: str

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        """Sends each hint to its device; gives one outcome each, in order, in bounded time; never raises."""
        ...

    async def close(self) -> None:
        """Lets go of the provider."""
        ...
