"""Stored shapes of what models saw in photos, and of what people made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel


class Box(BaseModel):
    """One find in a photo: label, confidence, and the box in parts of the picture (0 to 1)."""

    label: str
    confidence: float
    x: float
    y: float
    width: float
    height: float


class PhotoFinds(Document):
    """What one model saw in one photo; `_id` is `{sha256 of the photo}:{model version}`.

    The same bytes are looked at once by each model, whoever sent them and however often. A photo that ended
    the process of every model that tried is `given_up`: there are no boxes, and a person looks alone.
    """

    id: str  # type: ignore[assignment]
    sha256: str
    model_version: str
    boxes: list[Box] = Field(default_factory=list)
    given_up: bool = False
    looked_at: datetime
    look_for_photo_at: datetime  # from then on it is forgotten, unless a photo of these bytes is still kept

    class Settings:
        name = "photo_finds"
        indexes = [
            IndexModel([("sha256", ASCENDING), ("looked_at", ASCENDING)]),
            IndexModel([("look_for_photo_at", ASCENDING)]),
        ]


class DetectionModel(Document):
    """A model that has looked at photos here; `measured` says by label how well, and on which photos."""

    id: str  # type: ignore[assignment]
    measured: dict[str, dict[str, Any]] = Field(default_factory=dict)
    first_used_at: datetime
    begun_at: datetime

    class Settings:
        name = "detection_models"
        indexes = [IndexModel([("begun_at", ASCENDING)])]


class LabelledExample(Document):
    """What a person made of what a model saw in one photo; `_id` says where it comes from.

    `case:{case}:{photo}`: drawn from a case, where a decision in a later step replaces an earlier one.
    """

    id: str  # type: ignore[assignment]
    media_id: str
    sha256: str
    verdict: Literal["ACCEPTED", "CORRECTED", "REJECTED"]
    labels: list[str] = Field(default_factory=list)  # what it shows, as people said
    boxes: list[Box] = Field(default_factory=list)  # where, as far as the model's boxes were right
    model_version: str
    case_id: str | None = None
    decided_by: str
    decided_at: datetime
    decided_in_step: int = 0

    class Settings:
        name = "labelled_examples"
        indexes = [
            IndexModel([("decided_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("media_id", ASCENDING)]),
            IndexModel([("case_id", ASCENDING)]),
        ]
