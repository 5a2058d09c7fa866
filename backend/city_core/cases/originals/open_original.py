"""The link of a reading is used: everything is asked again, and that it was opened is put on record."""

from __future__ import annotations

from city_core.cases.originals.model import COLLECTION
from city_core.cases.originals.read_original import readable_original
from city_core.kit.city import City
from city_core.kit.mongo import Row, literal
from city_core.kit.problems import CityProblem
from city_core.media.links import ORIGINAL, read_link
from city_core.media.serve import GivenFile, given_file
from city_core.people.roles import Actor

MOST_OPENINGS = 5  # a download that broke off goes on; a link that is handed round does not


async def reading_of_link(city: City, photo_id: str, token: str) -> Row:
    """Find the reading that a link was given for; whoever signed in for it opens it, in that session."""
    reading_id = read_link(city, photo_id, ORIGINAL, token)
    reading: Row | None = await city.database[COLLECTION].find_one({"_id": reading_id})
    if reading is None:
        raise CityProblem("PHOTO_UNKNOWN")
    return reading


async def find_original(city: City, actor: Actor, reading: Row) -> GivenFile:
    """Find the original that somebody was given to read, if they may still read it."""
    if actor.person_id != reading["person_id"]:
        raise CityProblem("PHOTO_UNKNOWN")
    photo, _ = await readable_original(city, actor, reading["media_id"])
    return given_file(photo, "original_file")


async def note_opening(city: City, reading: Row) -> None:
    """Put on record that bytes are fetched, before they are; five times a reading at most."""
    now = city.clock.now()
    opened = {
        "opened_at": {"$ifNull": ["$opened_at", literal(now)]},
        "last_opened_at": literal(now),
        "openings": {"$add": ["$openings", 1]},
    }
    still_good = {"_id": reading["_id"], "openings": {"$lt": MOST_OPENINGS}}
    done = await city.database[COLLECTION].update_one(still_good, [{"$set": opened}])
    if not done.modified_count:
        raise CityProblem("LINK_EXPIRED")
