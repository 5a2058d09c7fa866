"""What each class of detection may do now, and what holds it back, for whoever answers for the rules."""

from __future__ import annotations

from city_core.detection.classes import class_rules_of
from city_core.detection.models import model_in_use
from city_core.detection.permissions import allowed_now, measured_from
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.rules.keepers import check_reader


async def detection_classes(city: City, actor: Actor) -> list[Row]:
    """List the classes with their rule, the figures of the model in use, and what follows from both."""
    check_reader(actor)
    rules = (await class_rules_of(city)).rules
    model = await model_in_use(city) or {"_id": None, "measured": {}}
    found = []
    for label, rule in rules.by_label.items():
        measured = measured_from(model["measured"].get(label))
        allowed = allowed_now(rule, measured)
        found.append({"rule": rule, "measured": measured, "allowed": allowed, "model_version": model["_id"]})
    return found
