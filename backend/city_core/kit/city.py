"""What every use-case is handed: the truth, the clock, the wake-ups and the switches of one running city."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from city_core.kit.clock import Clock
from city_core.kit.mongo import Database
from city_core.kit.numbering import Numbering
from city_core.kit.waking import Waker
from city_core.settings import Settings

_MOST_OPENED_RULES = 64


class OpenedRules:
    """The rulebook versions that this process has made ready; versions never change, so they stay good."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Any] = {}

    def get(self, key: tuple[str, int]) -> Any:
        return self._known.get(key)

    def keep(self, key: tuple[str, int], rules: Any) -> None:
        while len(self._known) >= _MOST_OPENED_RULES:
            self._known.pop(next(iter(self._known)))
        self._known[key] = rules


@dataclass(frozen=True)
class City:
    """One running city as its use-cases see it."""

    database: Database
    clock: Clock
    waker: Waker
    settings: Settings
    opened_rules: OpenedRules = field(default_factory=OpenedRules, compare=False)
    numbering: Numbering = field(default_factory=Numbering, compare=False)
