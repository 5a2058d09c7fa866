"""Puts one change of a component on record: what it is now, and its row in the history, in one write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.codes import component_code
from city_core.places.components.model import COMPONENTS, ComponentChange

MOST_CHANGES_KEPT = 200  # of a component, the latest: its document is read whole by whoever changes it


@dataclass(frozen=True)
class Deed:
    """What somebody does to a component: by which command, with which words and photos, in which census."""

    kind: str
    person_id: str
    command_id: str | None
    input_hash: str | None
    note: str = ""
    media_ids: Sequence[str] = ()
    campaign_id: str | None = None


async def find_component(city: City, code: str, *, field: str = "componentCode") -> Row:
    """Find a component by its code, whole."""
    component_code(code, field=field)
    found: Row | None = await city.database[COMPONENTS].find_one({"_id": code})
    if found is None:
        raise component_unknown(field)
    return found


def component_unknown(field: str) -> CityProblem:
    """Say that there is no such component, or none for whoever asks: both sound the same."""
    return CityProblem("COMPONENT_UNKNOWN", field=field, allowed="the code of a component of the city")


async def write_change(city: City, component: Row, deed: Deed, values: Mapping[str, Any]) -> Row | None:
    """Write a change if the component is still as it was; None when somebody was faster."""
    now = city.clock.now()
    before = {name: component.get(name) for name in values}
    row = change_row(deed, component["version"] + 1, now, before, values)
    changed: Row | None = await city.database[COMPONENTS].find_one_and_update(
        {"_id": component["_id"], "version": component["version"]},
        {
            "$set": {**values, "version": row["seq"], "updated_at": now, "is_counted": False},
            "$push": {"history": {"$each": [row], "$slice": -MOST_CHANGES_KEPT}},
        },
        return_document=True,
    )
    return changed


def change_row(
    deed: Deed, seq: int, at: datetime, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Row:
    """Write a row of the history: only what differs stands in it."""
    differs = [name for name in after if before.get(name) != after[name]]
    return ComponentChange(
        seq=seq,
        kind=deed.kind,  # type: ignore[arg-type]
        at=at,
        person_id=deed.person_id,
        command_id=deed.command_id,
        input_hash=deed.input_hash,
        before={name: before[name] for name in differs if name in before},
        after={name: after[name] for name in differs},
        note=deed.note,
        media_ids=list(deed.media_ids),
        campaign_id=deed.campaign_id,
    ).model_dump()
