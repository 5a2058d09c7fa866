"""Anonymous reporters: a secret that the phone made stands for a person without a name or a number.

Whoever holds the secret follows, answers and rates what was reported with it, and has its points. The city
keeps a keyed hash of it only: a secret that is lost cannot be given back.
"""

from __future__ import annotations

import re

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.keys import keyed_hash

_SECRET = re.compile(r"[A-Za-z0-9_-]{32,128}")
_LEAST_DIFFERENT = 10


def claim_hash(city: City, secret: str) -> str:
    """Accept a claim secret as phones make it; answers the hash that is kept of it."""
    if not _SECRET.fullmatch(secret) or len(set(secret)) < _LEAST_DIFFERENT:
        raise CityProblem(
            "CLAIM_WRONG", field="claimSecret", allowed="32 to 128 characters A-Z a-z 0-9 _ -, made at random"
        )
    return keyed_hash(city.settings, "claims", secret)


async def known_holder_of_claim(city: City, secret: str) -> str | None:
    """Name the person that a claim secret already stands for, if any."""
    person = await city.database.people.find_one({"claim_hash": claim_hash(city, secret)}, {"_id": 1})
    return person["_id"] if person else None
