"""A detection worker whose model takes LOOK_SECONDS over a batch; it makes the file BEGUN when it looks."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from city_core.bootstrap import open_city
from city_core.kit.starting import run_process
from city_core.settings import read_settings
from city_workers.detection.batches import Batches
from city_workers.detection.engines.finds import Box
from city_workers.detection.engines.pictures import Prepared, decode, prepare
from city_workers.detection.job import looking_with
from city_workers.lane import Lane
from city_workers.runner import run_worker


class SlowModel:
    """Sees garbage in everything, after a while."""

    def prepared(self, jpeg_bytes: bytes) -> Prepared:
        return prepare(decode(jpeg_bytes), 32)

    def look_at_all(self, pictures: Sequence[Prepared]) -> list[list[Box]]:
        Path(os.environ["BEGUN"]).touch()
        time.sleep(float(os.environ["LOOK_SECONDS"]))
        return [[Box("exposed_garbage", 0.8, 0.1, 0.1, 0.2, 0.2)] for _ in pictures]


@dataclass(frozen=True)
class Sight:
    """A model with what waits for it."""

    batches: Batches
    model_version: str = "m-1"


def end_hanging() -> None:
    os._exit(70)


async def main() -> None:
    """Look at photos until told to stop."""
    sight = Sight(Batches(SlowModel(), on_hang=end_hanging))
    async with open_city(read_settings(), app_name="slow-eye") as city:
        await run_worker(city, [Lane("detection", {"look": looking_with(lambda: sight)}, places=4)])


if __name__ == "__main__":
    run_process(main)
