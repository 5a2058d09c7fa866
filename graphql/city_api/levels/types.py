"""The level that has a case, as phones see it."""

from __future__ import annotations

import strawberry

from city_api.enums import Level
from city_api.rows import stored


@strawberry.type
class LevelFields:
    """What a case shows of the three levels."""

    level: Level = stored("level", "The one level 层级 that has it now.")
