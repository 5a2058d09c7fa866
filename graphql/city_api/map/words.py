"""The field's words for what is on the map, in Chinese and in English."""

from __future__ import annotations

from city_api.cases.words import Words
from city_core.places.components.model import ComponentState

COMPONENT_STATE_NAMES: dict[ComponentState, Words] = {
    ComponentState.IN_USE: ("完好", "In use"),
    ComponentState.DAMAGED: ("破损", "Damaged"),
    ComponentState.MISSING: ("丢失", "Missing"),
    ComponentState.ABANDONED: ("废弃", "Abandoned"),
    ComponentState.REMOVED: ("移除", "Removed"),
}
