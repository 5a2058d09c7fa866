"""A phone is given the right to send one photo later, without its sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.media.begin_upload import UploadPlan, check_size
from city_core.media.model import PhotoState
from city_core.media.store import known_photo
from city_core.media.upload_tokens import UploadPermit, write_upload_token
from city_core.people.roles import Actor


@dataclass(frozen=True)
class AllowedUpload:
    """Where one photo may be sent to, with which token and until when, and whether it is here already."""

    upload_url: str
    upload_token: str
    expires_at: datetime
    already_here: bool


async def allow_upload(city: City, actor: Actor, plan: UploadPlan) -> AllowedUpload:
    """Give a token for the bytes of one photo; asked again it gives another one as good.

    It lasts `upload_days`, opens nothing else, and ends at once when the person is disabled.
    """
    photo_id = checked_client_id(plan.media_id, "mediaId")
    check_size(city, plan.length_bytes)
    known = await known_photo(city, actor.person_id, photo_id, plan.sha256)
    expires_at = (city.clock.now() + timedelta(days=city.settings.upload_days)).replace(microsecond=0)
    permit = UploadPermit(actor, photo_id, plan.length_bytes, plan.sha256)
    return AllowedUpload(
        upload_url=f"{city.settings.public_url}/media/{photo_id}",
        upload_token=write_upload_token(city, permit, expires_at),
        expires_at=expires_at,
        already_here=known is not None and known["state"] != PhotoState.REFUSED,
    )
