"""How often signing in may be tried: by phone number, device and address, and in the whole city.

Counted in MongoDB in fixed windows of an hour, one atomic write each, before anything else is looked at.
Mobile networks put thousands behind one address, so its limits are wide; they stop a machine, not a street.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError
from city_core.kit.problems import CityProblem
from city_core.people.keys import keyed_hash
from city_core.people.origin import Origin

WINDOW = timedelta(hours=1)


class Tried(StrEnum):
    """What is counted."""

    CODE_SENT = "CODE_SENT"
    CODE_ENTERED = "CODE_ENTERED"
    PASSWORD = "PASSWORD"
    WECHAT = "WECHAT"
    CLAIM = "CLAIM"
    CLAIM_MADE = "CLAIM_MADE"


# In this order: a phone that is stopped uses up nothing of the address that it shares with a street, and an
# address that is stopped nothing of the numbers it asks for, whose owners would be locked out.
MOST_AN_HOUR: Mapping[Tried, Mapping[str, int]] = {
    Tried.CODE_SENT: {"device": 10, "address": 300, "phone": 5},
    Tried.CODE_ENTERED: {"device": 30, "address": 1_000, "phone": 25},
    Tried.PASSWORD: {"device": 60, "address": 2_000},
    Tried.WECHAT: {"device": 60, "address": 1_000},
    Tried.CLAIM: {"device": 60, "address": 2_000},
    Tried.CLAIM_MADE: {"device": 5, "address": 300},
}


async def count_try(city: City, tried: Tried, origin: Origin, phone: str = "") -> None:
    """Count one try in every dimension that is known; over a limit it is refused, alike for everybody."""
    known = {"address": network_of(origin.address), "device": origin.device_id, "phone": phone}
    for dimension, most in MOST_AN_HOUR[tried].items():
        if known[dimension]:
            await _count(city, tried, dimension, known[dimension], most)
    in_all = {
        Tried.CODE_SENT: city.settings.one_time_codes_per_hour,
        Tried.CLAIM_MADE: city.settings.claims_per_hour,
    }
    if tried in in_all:
        await _count(city, tried, "total", "city", in_all[tried])


def network_of(address: str) -> str:
    """See an address as what one household has: IPv4 whole, of IPv6 the network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


async def _count(city: City, tried: Tried, dimension: str, value: str, most: int) -> None:
    begins = _window(city.clock.now())
    mark = keyed_hash(city.settings, "try counts", f"{dimension}:{value}")[:32]
    row_id = f"{tried}:{dimension}:{mark}:{begins:%Y%m%d%H}"
    change = {"$inc": {"tries": 1}, "$setOnInsert": {"expires_at": begins + 2 * WINDOW}}
    counts = city.database.try_counts
    try:
        row = await counts.find_one_and_update({"_id": row_id}, change, upsert=True, return_document=True)
    except DuplicateKeyError:  # two made the row at the same moment
        row = await counts.find_one_and_update({"_id": row_id}, change, upsert=True, return_document=True)
    if row["tries"] > most:
        raise CityProblem("TOO_MANY_TRIES", allowed="fewer tries within an hour")


def _window(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
