"""Links to photos for what sends no headers, such as an <img>: signed, personal, over in minutes.

A link opens nothing by itself. It says who asks and what for; whether that person may see the photo is asked
again when it is used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.keys import derived_key
from city_core.people.roles import Actor

GOOD_FOR = timedelta(minutes=10)
ORIGINAL = "original"  # in the place of a size: a link to the file as it came, see `cases/originals/`
_SAME_FOR = timedelta(minutes=5)  # asked again meanwhile it is the same link, so that caches work
_PURPOSE = "link to a photo"
_TOKEN = re.compile(r"([0-9]{10})\.([0-9a-f]{32})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True)
class PhotoLink:
    """Where a photo can be read for some minutes, and until when (UTC)."""

    url: str
    expires_at: datetime


def photo_link(city: City, actor: Actor, photo_id: str, size: str) -> PhotoLink:
    """Make the link of one sign-in to one photo in one size; it lasts five to ten minutes."""
    return signed_link(city, photo_id, size, actor.session_id, links_last_until(city))


def links_last_until(city: City) -> datetime:
    """Tell until when links last that are made now (UTC)."""
    window = _SAME_FOR.total_seconds()
    begun = city.clock.now().timestamp() // window * window
    return datetime.fromtimestamp(begun, UTC) + GOOD_FOR


def signed_link(city: City, photo_id: str, size: str, on_behalf_of: str, until: datetime) -> PhotoLink:
    """Sign what a link opens: which photo, in which size, on behalf of which row, until when."""
    seconds = f"{int(until.timestamp()):010d}"
    signature = _signature(city, photo_id, size, on_behalf_of, seconds)
    address = f"{city.settings.public_url.rstrip('/')}/media/{photo_id}/{size}"
    return PhotoLink(f"{address}?link={seconds}.{on_behalf_of}.{signature}", until)


def read_link(city: City, photo_id: str, size: str, token: str) -> str:
    """Tell on whose behalf a link is used: the id of a sign-in session, or of a reading of an original.

    A link that the city did not make for this very photo and size does not exist; one of its own whose time
    is over is LINK_EXPIRED.
    """
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise CityProblem("PHOTO_UNKNOWN")
    seconds, on_behalf_of, signature = parts.groups()
    if not hmac.compare_digest(signature, _signature(city, photo_id, size, on_behalf_of, seconds)):
        raise CityProblem("PHOTO_UNKNOWN")
    if city.clock.now().timestamp() >= int(seconds):
        raise CityProblem("LINK_EXPIRED")
    return on_behalf_of


def _signature(city: City, photo_id: str, size: str, on_behalf_of: str, seconds: str) -> str:
    text = "\n".join((size, photo_id, on_behalf_of, seconds)).encode()
    digest = hmac.digest(derived_key(city.settings, _PURPOSE), text, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
