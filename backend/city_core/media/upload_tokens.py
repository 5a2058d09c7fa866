"""Upload tokens: a right to send the bytes of one photo, for phones that upload while the app sleeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import jwt

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.keys import signing_key
from city_core.people.roles import Actor, Role

_AUDIENCE = "yiwang-upload"  # an access token names another audience: neither opens what the other does


@dataclass(frozen=True)
class UploadPermit:
    """Who may send which photo; without a media id any photo of their own, as after a sign-in."""

    actor: Actor
    media_id: str | None = None
    size_bytes: int | None = None
    sha256: str | None = None

    def check(self, media_id: str, size_bytes: int | None = None, sha256: str | None = None) -> None:
        """Refuse another photo, another size or another SHA-256 than the token is for."""
        other_photo = self.media_id not in (None, media_id)
        other_size = None not in (size_bytes, self.size_bytes) and size_bytes != self.size_bytes
        other_bytes = None not in (sha256, self.sha256) and sha256 != self.sha256
        if other_photo or other_size or other_bytes:
            raise CityProblem("UPLOAD_TOKEN_INVALID", allowed="the photo that the token was given for")


def write_upload_token(city: City, permit: UploadPermit, expires_at: datetime) -> str:
    """Sign the right to send one photo until a time."""
    claims = {
        "aud": _AUDIENCE,
        "sub": permit.actor.person_id,
        "media": permit.media_id,
        "size": permit.size_bytes,
        "sha256": permit.sha256,
        "exp": expires_at,
    }
    return jwt.encode(claims, signing_key(city.settings), algorithm="EdDSA")


async def read_upload_token(city: City, token: str) -> UploadPermit:
    """Find out what a token allows; one of a person who was disabled since allows nothing."""
    try:
        claims = jwt.decode(
            token,
            signing_key(city.settings).public_key(),
            algorithms=["EdDSA"],
            audience=_AUDIENCE,
            options={"verify_exp": False, "require": ["sub", "media", "size", "exp"]},
        )
    except jwt.PyJWTError as error:
        raise CityProblem("UPLOAD_TOKEN_INVALID") from error
    fields = {"role": 1, "disabled": 1}
    person = await city.database.people.find_one({"_id": claims["sub"]}, fields)
    if person is None or person["disabled"] or claims["exp"] <= city.clock.now().timestamp():
        raise CityProblem("UPLOAD_TOKEN_INVALID")
    actor = Actor(person["_id"], Role(person["role"]))
    return UploadPermit(actor, claims["media"], claims["size"], claims.get("sha256"))
