"""The case that another one leads to, for whoever may see both: where it stands and until when."""

from __future__ import annotations

from collections.abc import Collection

from city_core.cases.visibility import visible_filter
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor

_FIELDS = dict.fromkeys(("number", "state", "version", "deadline_at", "handled_at", "closed_at"), 1)


async def followed_cases(city: City, actor: Actor, case_ids: Collection[str]) -> dict[str, Row]:
    """Read where some cases stand; those that are not theirs to see are left out."""
    query = {"_id": {"$in": list(case_ids)}, **visible_filter(actor)}
    return {row["_id"]: row async for row in city.database.cases.find(query, _FIELDS)}
