"""What phones say of photos that a step brings, and of flags that they were shown."""

from __future__ import annotations

from typing import Any

import strawberry

from city_api.enums import FlagKind, PhotoRole, TakenWith


@strawberry.input(description="A photo of a step, and what is said of it; its bytes may be on their way.")
class PhotoInput:
    media_id: strawberry.ID
    role: PhotoRole | None = strawberry.field(
        default=None, description="Left out: 处置后 for photos of handling, else nothing."
    )
    taken_with: TakenWith | None = None


@strawberry.input(description="What the checking inspector makes of one flag of a photo.")
class FlagJudgementInput:
    media_id: strawberry.ID
    flag: FlagKind
    holds: bool = strawberry.field(description="The flag is right; false: it is not.")


def photos_field(instead_of: str = "mediaIds") -> Any:
    """Declare the photos of a step, each with what is said of it."""
    told = f"Photos with what is said of them; they and `{instead_of}` are put together."
    return strawberry.field(default=None, description=told)
