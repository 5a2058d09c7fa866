"""What an operator does is put on record: who, what, when, about which ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from city_core.audit.record import OPERATOR, Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.operation.model import DEEDS

_UNUSUAL = re.compile(r"[^\w.@-]")
_LONGEST_NAME = 60
_MOST_DEEDS = 1_000


def operator_named(account: str, name: str | None) -> str:
    """Name an operator for the record: the account of the machine, and the name that they gave."""
    parts = [_UNUSUAL.sub("", part)[:_LONGEST_NAME] for part in (account, name or "") if part]
    return "operator:" + "/".join(part for part in parts if part)


async def note_deed(city: City, by: str, command: str, about: Mapping[str, Any]) -> None:
    """Put a deed on record; called before what it tells of, so that nothing is done unseen."""
    row = {"_id": new_id(), "by": by, "command": command, "about": dict(about), "at": city.clock.now()}
    await city.database[DEEDS].insert_one(row)
    await record(city, OPERATOR, Deed(Verb.OPERATED, Subject(Kind.CITY, ""), detail=command))


async def deeds(city: City, most: int) -> list[Row]:
    """List what operators did, the newest first."""
    rows = city.database[DEEDS].find({}).sort("at", -1).limit(min(most, _MOST_DEEDS))
    return await rows.to_list(None)
