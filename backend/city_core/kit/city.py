"""What every use-case is handed: the truth, the clock, the wake-ups and the switches of one running city."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.kit.clock import Clock
from city_core.kit.mongo import Database
from city_core.kit.waking import Waker
from city_core.settings import Settings


@dataclass(frozen=True)
class City:
    """One running city as its use-cases see it."""

    database: Database
    clock: Clock
    waker: Waker
    settings: Settings
