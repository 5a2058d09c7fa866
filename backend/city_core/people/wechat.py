"""The port to WeChat: it tells whose login code a mini-program was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class WechatPerson:
    """Whoever logged in: the openid is theirs for good within one mini-program, and personal."""

    openid: str


class WechatRefused(Exception):
    """The code is wrong, was used already, or its holder may not log in: a fresh code is needed."""


class WechatUnavailable(Exception):
    """WeChat gave no answer, or does not accept this city now: the phone may ask again later."""


class WechatLogin(Protocol):
    """Asks WeChat about a login code, once; bounded in time."""

    async def person_of(self, code: str) -> WechatPerson:
        """Tell who logged in; raises WechatRefused or WechatUnavailable."""
        ...


class NoWechat:
    """A city without a mini-program."""

    async def person_of(self, code: str) -> WechatPerson:
        raise WechatUnavailable
