"""Who feeds: one process at a time, by a short lease with a fence that each new holder raises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row, Session
from city_core.sync.model import FEED

LEASE_SECONDS = 10.0


class LeaseLost(Exception):
    """Somebody else feeds by now."""


@dataclass(frozen=True)
class Lease:
    """The right to feed, as long as nobody has raised the fence."""

    holder: str
    fence: int

    @property
    def filter(self) -> Row:
        """The feed, if it is still this holder's."""
        return {"_id": FEED, "fence": self.fence}


async def take_lease(city: City, holder: str) -> Lease | None:
    """Take over the feed if nobody feeds it; None while somebody does."""
    now = city.clock.now()
    first: Row = {"epoch": "", "seq": 0, "token": None, "is_complete": False, "days": []}
    try:
        row = await city.database.sync_feed.find_one_and_update(
            {"_id": FEED, "leased_until": {"$lte": now}},
            {"$setOnInsert": first, "$set": {"holder": holder, "leased_until": _until(now)},
             "$inc": {"fence": 1}},
            upsert=True, return_document=True, projection={"fence": 1},
        )  # fmt: skip
    except DuplicateKeyError:  # it is there, and leased to somebody
        return None
    return Lease(holder, row["fence"]) if row else None


async def write_feed(
    city: City, lease: Lease, values: Row, *, more: int = 0, session: Session | None = None
) -> Row:
    """Change the feed under the lease, which lasts anew from now; `more` sequence numbers are taken."""
    row: Row | None = await city.database.sync_feed.find_one_and_update(
        lease.filter,
        {"$set": {**values, "leased_until": _until(city.clock.now())}, "$inc": {"seq": more}},
        return_document=True,
        session=session,
    )
    if row is None:
        raise LeaseLost
    return row


async def release_lease(city: City, lease: Lease) -> None:
    """Let somebody else feed at once; what this holder still has under way changes nothing any more."""
    left = {"$set": {"leased_until": city.clock.now()}, "$inc": {"fence": 1}}
    await city.database.sync_feed.update_one(lease.filter, left)


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=LEASE_SECONDS)
