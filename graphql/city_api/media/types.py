"""Uploads as phones see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.rows import computed


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
