"""All steps of migration, in the order in which they are made. A step is never changed or taken out."""

from __future__ import annotations

from city_core.operation.migrations.count_ended_cases import COUNT_ENDED_CASES
from city_core.operation.migrations.name_stores_of_photos import NAME_STORES_OF_PHOTOS
from city_core.operation.migrations.step import Step

STEPS: tuple[Step, ...] = (COUNT_ENDED_CASES, NAME_STORES_OF_PHOTOS)
STEP_NAMES = tuple(step.name for step in STEPS)
