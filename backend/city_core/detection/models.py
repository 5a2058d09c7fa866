"""The models that have looked at photos here, and how well each was measured to find each class."""

from __future__ import annotations

from collections.abc import Mapping

from city_core.detection.permissions import Measured, measured_from
from city_core.kit.city import City
from city_core.kit.mongo import Row

COLLECTION = "detection_models"


async def note_model(city: City, version: str, measured: Mapping[str, Row]) -> None:
    """Note a model that begins to look at photos, with its measured figures by label."""
    now = city.clock.now()
    await city.database[COLLECTION].update_one(
        {"_id": version},
        {"$set": {"measured": dict(measured), "begun_at": now}, "$setOnInsert": {"first_used_at": now}},
        upsert=True,
    )


async def measured_by(city: City, version: str, label: str) -> Measured | None:
    """Tell how well a model was measured to find a class; nothing where it never was."""
    row = await city.database[COLLECTION].find_one({"_id": version}, {"measured": 1})
    return measured_from(((row or {}).get("measured") or {}).get(label))


async def model_in_use(city: City) -> Row | None:
    """Give the model that began last to look at photos."""
    found: Row | None = await city.database[COLLECTION].find_one({}, sort=[("begun_at", -1)])
    return found
