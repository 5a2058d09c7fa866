"""An earlier version of a rulebook comes into force again, as a new version with the same content."""

from __future__ import annotations

from typing import Any

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import Published, Rulebook, content_of, publish
from city_core.operation.note_deed import note_deed


async def put_rules_in_force(city: City, by: str, book: Rulebook[Any], version: int) -> Published:
    """Publish the content of a version anew; what was wrong with it by today's checks is told instead."""
    content = await content_of(city, book, version)
    await note_deed(city, by, "rules put-in-force", {"rulebook": book.name, "version": version})
    command = new_id()
    return await publish(
        city, book, content, by=by, client_id=command, input_hash=command, note=f"version {version} again"
    )


async def versions_of(city: City, book: Rulebook[Any], most: int) -> list[Row]:
    """List what was published of a rulebook, the newest first."""
    fields = {"_id": 0, "version": 1, "note": 1, "based_on": 1, "published_at": 1, "published_by": 1}
    rows = city.database.rulebook_versions.find({"name": book.name}, fields).sort("version", -1)
    return await rows.limit(most).to_list(None)
