"""The links of a case's photos, made for whoever looks at the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from city_core.media.links import links_last_until, photo_link

if TYPE_CHECKING:
    from city_api.context import Context

Photo = Mapping[str, Any]


def link_url(size: str) -> Callable[[Photo, Context], str]:
    """Make the reader of the link to one size."""

    def show(photo: Photo, context: Context) -> str:
        return photo_link(context.city, context.viewer, photo["media_id"], size).url

    return show


def links_expire_at(_: Photo, context: Context) -> datetime:
    return links_last_until(context.city)
