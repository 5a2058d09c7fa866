"""Somebody who wants to stay unknown signs in with a secret that their phone made (匿名上报)."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.citizens import person_known_by
from city_core.people.claims import claim_hash, known_holder_of_claim
from city_core.people.open_session import sign_in_person
from city_core.people.origin import NOWHERE, Origin
from city_core.people.tokens import SignedIn
from city_core.people.try_limits import Tried, count_try


async def sign_in_with_claim(city: City, secret: str, origin: Origin = NOWHERE) -> SignedIn:
    """Sign in whoever a claim secret stands for; one that nobody used yet stands for somebody new.

    There is no refresh token: the secret itself is good for the next sign-in. Neither device nor address is
    kept with the person; both count only towards the limits.
    """
    kept = claim_hash(city, secret)
    await count_try(city, Tried.CLAIM, origin)
    if await known_holder_of_claim(city, secret) is None:
        await count_try(city, Tried.CLAIM_MADE, origin)
    holder = await person_known_by(city, "claim_hash", kept)
    if holder["disabled"]:
        raise CityProblem("CLAIM_WRONG", field="claimSecret", allowed="a secret that is still valid")
    return await sign_in_person(city, holder)
