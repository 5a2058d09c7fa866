"""Uploads, and originals of photos, as those see them who send and read them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.enums import Role
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored


@strawberry.type(
    description="The right to send one photo 上传凭证: a PUT with `Authorization: Upload <token>`."
)
class AllowedUpload:
    upload_url: str = computed(lambda allowed, _: allowed.upload_url)
    upload_token: str = computed(lambda allowed, _: allowed.upload_token)
    expires_at: datetime = computed(lambda allowed, _: allowed.expires_at)
    already_here: bool = computed(
        lambda allowed, _: allowed.already_here, description="Its bytes have arrived: nothing is to be sent."
    )


@strawberry.type(description="A link 原件链接 to the file of a photo as it came; good for two minutes.")
class OriginalLink:
    reading_id: strawberry.ID = computed(
        lambda link, _: link.reading_id, description="The row of `originalReadings` that says so."
    )
    media_id: strawberry.ID = computed(lambda link, _: link.media_id)
    url: str = computed(
        lambda link, _: link.url, description="Opened without headers, by this sign-in, five times at most."
    )
    expires_at: datetime = computed(lambda link, _: link.expires_at)
    size_bytes: int = computed(lambda link, _: link.size_bytes)
    sha256: str = computed(lambda link, _: link.sha256, description="Of its bytes, 64 hex digits.")


@strawberry.type(description="One reading of an original 调阅原件: who was given it, why, and when.")
class OriginalReading:
    id: strawberry.ID = stored("_id")
    media_id: strawberry.ID = stored("media_id")
    case_id: strawberry.ID = stored("case_id", "The case for whose sake it was read.")
    person_id: strawberry.ID = stored("person_id")
    person_name: str | None = computed(
        lambda row, context: context.names.name(row["person_id"]), needs=("person_id",), later=True
    )
    role: Role = computed(
        lambda row, _: Role(row["role"]), needs=("role",), description="Their post at the time."
    )
    reason: str = stored("reason")
    read_at: datetime = stored("read_at", "When the link was asked for.")
    opened_at: datetime | None = stored("opened_at", "When bytes were first fetched; nothing: never.")
    last_opened_at: datetime | None = stored("last_opened_at")
    openings: int = stored("openings", "How often bytes were fetched.")
    origin: str = stored("origin", "The app, or the web.")
    device_id: str = stored("device_id", "As the device named itself; blank in a browser.")
    address: str = stored("address", "The address of the connection.")


@strawberry.type(description="One page of readings of originals, the newest first.")
class OriginalReadingConnection:
    nodes: list[OriginalReading] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))
