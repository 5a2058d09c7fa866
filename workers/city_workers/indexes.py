"""Makes the indexes of this version in the database that MONGODB_URL names: `python -m city_workers.indexes`.

May be run at any time, again too; `--check` makes nothing and names the first that is missing or differs.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from city_core.bootstrap import check_indexes, open_city
from city_core.kit.mongo import PyMongoError
from city_core.kit.starting import why_not_started
from city_core.kit.waking import QuietWaker
from city_core.settings import Settings, WrongSetting, read_settings

_ADVICE = (
    "An index could not be made: {fault}. Where one differs, drop it at a quiet hour, then run this again."
)


async def run(settings: Settings, *, only_check: bool) -> None:
    """Make them, unless they are only to be looked at; raises WrongSetting for one that is not right then."""
    async with open_city(
        settings, app_name="indexes", waker=QuietWaker(), builds_indexes=not only_check
    ) as city:
        await check_indexes(city.database)


def main() -> int:
    """Do it from the command line."""
    asked = argparse.ArgumentParser(description="Make the indexes that this version of the city needs.")
    asked.add_argument("--check", action="store_true", help="make nothing, name the first that is not right")
    given = asked.parse_args()
    began = time.monotonic()
    try:
        asyncio.run(run(read_settings(), only_check=given.check))
    except (WrongSetting, PyMongoError) as error:
        print(why_not_started(error) or _ADVICE.format(fault=error), file=sys.stderr)
        return 2
    print(f"All indexes are as they should be ({time.monotonic() - began:.1f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
