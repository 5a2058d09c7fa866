"""Stored shapes of photos and of uploads that go on; the bytes of photos lie in a store, see `files.py`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import Document
from pydantic import BaseModel, ConfigDict, Field
from pymongo import ASCENDING, IndexModel


class PhotoState(StrEnum):
    """How far a photo has come."""

    RECEIVED = "RECEIVED"  # bytes are stored, our own copies are not made yet
    READY = "READY"
    REFUSED = "REFUSED"  # not a photo, or broken; `refusal` is a problem code


class PhotoOrigin(StrEnum):
    """Who took a photo."""

    PHONE = "PHONE"
    MACHINE = "MACHINE"  # a camera, drone or patrol car of the city eye 城市之眼


class Veil(BaseModel):
    """How the copy for citizens was made: how many faces and number plates were blurred, and by what."""

    faces: int
    plates: int
    veiler_version: str
    made_at: datetime


class Photo(Document):
    """One photo; `_id` is the id that the phone made.

    `large_file` and `small_file` are for staff; `public_file` is the only copy that citizens may see, and is
    there once faces and plates were looked for. `capture` is what the photo's metadata said (see
    `capture.py`), for staff only.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    id: str  # type: ignore[assignment]
    owner_id: str
    origin: PhotoOrigin = PhotoOrigin.PHONE
    state: PhotoState
    sha256: str
    size_bytes: int
    content_type: str
    width_px: int | None = None
    height_px: int | None = None
    look_hash: str | None = None
    look_bands: list[int] | None = None
    refusal: str | None = None
    refusal_told: dict[str, int] = Field(default_factory=dict)  # by case: the step that its owner was told at
    street_code: str | None = None  # where a machine took it: who watches that street may see it
    original_file: Any = None
    large_file: Any = None
    small_file: Any = None
    public_file: Any = None
    veil: Veil | None = None
    capture: dict[str, Any] | None = None
    looked_by: str | None = None  # the model whose finds hold for it, once one has looked
    received_at: datetime
    look_for_case_at: datetime | None = None  # only while no case is known to hold it
    original_needed_at: datetime | None = None  # as far as is known; see `drop_originals.py`
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "photos"
        indexes = [
            IndexModel([("owner_id", ASCENDING), ("received_at", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
            IndexModel(
                [("look_bands", ASCENDING), ("received_at", ASCENDING)],
                partialFilterExpression={"look_bands": {"$gte": 0}},
                name="looks",
            ),
            IndexModel([("look_for_case_at", ASCENDING)], sparse=True),
            IndexModel([("sha256", ASCENDING)]),
            IndexModel(
                # With the fields of `unveiled` alone it would never be made: beanie keeps one of the two.
                [("origin", ASCENDING), ("received_at", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression={"state": "RECEIVED"},
                name="to_develop",
            ),
            IndexModel(
                [("original_needed_at", ASCENDING), ("received_at", ASCENDING)],
                partialFilterExpression={"original_file": {"$type": ["string", "objectId"]}},
                name="originals",
            ),
            IndexModel(
                [("origin", ASCENDING), ("received_at", ASCENDING)],
                partialFilterExpression={"state": PhotoState.READY.value, "public_file": None},
                name="unveiled",
            ),
            IndexModel([("veil.veiler_version", ASCENDING)]),
            IndexModel(
                [("received_at", ASCENDING)],
                partialFilterExpression={"capture.lng": {"$type": "double"}},
                name="fine_captures",
            ),
        ]


class Upload(Document):
    """A photo that comes in pieces; `_id` is the id that the phone made for the photo.

    `offset_bytes` says how much has arrived: whoever adds a piece moves it by one conditional write that
    names the offset it began at. `begun` tells an upload from an earlier one under the same id.
    """

    id: str  # type: ignore[assignment]
    owner_id: str
    begun: str
    length_bytes: int
    offset_bytes: int = 0
    sha256: str | None = None
    metadata: str = ""
    parts: list[dict[str, Any]] = Field(default_factory=list)  # id, size_bytes; in their order
    done: bool = False
    refusal: str | None = None
    created_at: datetime
    expires_at: datetime
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "uploads"
        indexes = [
            IndexModel([("expires_at", ASCENDING)]),
            IndexModel([("owner_id", ASCENDING), ("done", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
        ]


class UploadPart(Document):
    """Bytes of an upload that goes on."""

    id: str  # type: ignore[assignment]
    upload_id: str
    data: bytes
    expires_at: datetime

    class Settings:
        name = "upload_parts"
        indexes = [
            IndexModel([("upload_id", ASCENDING)]),
            IndexModel([("expires_at", ASCENDING)]),
        ]


class BegunFile(Document):
    """A file that is being written or taken away; `_id` is its reference."""

    id: str  # type: ignore[assignment]
    photo_id: str
    begun_at: datetime

    class Settings:
        name = "begun_files"
        indexes = [IndexModel([("begun_at", ASCENDING)])]
