"""Photos that an earlier version veiled are veiled again: `python -m city_workers.veil.again [--at-most N]`.

It only asks; the detection workers make the copies beside their other work, and the old ones stay until then.
Ends with 0, or with 2 and one sentence when the city cannot be reached or a model is missing.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.mongo import PyMongoError
from city_core.kit.starting import why_not_started
from city_core.kit.waking import QuietWaker
from city_core.media.veil_again import ask_to_veil_again, count_veiled_otherwise
from city_core.settings import WrongSetting, read_settings
from city_workers.veil.veiler import current_version

_AT_MOST = 10_000


async def ask(city: City, version: str, at_most: int) -> int:
    """Ask in batches and print how far it is; answers how many photos were asked for."""
    total, asked = await count_veiled_otherwise(city, version), 0
    async for asked in ask_to_veil_again(city, version, at_most):
        print(f"asked for {asked} of {total} photos", flush=True)
    print(f"{asked} photos will be veiled by {version}, {total - asked} are left.")
    return asked


async def run(at_most: int) -> None:
    """Do it in the city that the settings name; the sweep of the workers finds what is asked for."""
    version = current_version()
    async with open_city(read_settings(), app_name="veil-again", waker=QuietWaker()) as city:
        await ask(city, version, at_most)


def main() -> int:
    """Do it from the command line."""
    parser = argparse.ArgumentParser(description="Veils photos of earlier versions again.")
    parser.add_argument("--at-most", type=int, default=_AT_MOST, help="how many photos to ask for")
    given = parser.parse_args()
    try:
        asyncio.run(run(given.at_most))
    except (WrongSetting, PyMongoError) as error:
        print(why_not_started(error) or f"MongoDB did not answer: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
