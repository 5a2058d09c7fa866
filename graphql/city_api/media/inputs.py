"""What is given to be allowed to upload, or to read an original."""

from __future__ import annotations

from datetime import datetime

import strawberry


@strawberry.input(description="A photo that a phone is going to send while its app sleeps.")
class AllowUploadInput:
    media_id: strawberry.ID = strawberry.field(description="The UUID that the phone made for the photo.")
    size_bytes: int
    sha256: str | None = strawberry.field(default=None, description="Of its bytes, 64 hex digits.")
    client_id: strawberry.ID | None = None
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="Reading the original 原件 of a photo; it is put on record.")
class ReadOriginalInput:
    client_id: strawberry.ID
    media_id: strawberry.ID
    reason: str = strawberry.field(description="Why it has to be the original: 5 to 200 characters.")
    device_time: datetime | None = None
    base_version: int | None = None
