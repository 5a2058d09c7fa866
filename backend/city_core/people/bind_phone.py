"""A citizen who came by WeChat adds their phone number, shown by a one-time code."""

from __future__ import annotations

from dataclasses import replace

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError
from city_core.kit.problems import CityProblem
from city_core.people.one_time_codes import use_code
from city_core.people.origin import NOWHERE, Origin
from city_core.people.phones import checked_phone
from city_core.people.roles import Actor, Role
from city_core.people.standing import tell_person_changed


async def bind_phone(city: City, actor: Actor, phone: str, code: str, origin: Origin = NOWHERE) -> Actor:
    """Bind a phone number to a citizen who has none; done already, it stays done."""
    phone = checked_phone(phone)
    if actor.role is not Role.CITIZEN or actor.phone not in ("", phone):
        raise CityProblem("NOT_ALLOWED", field="phone", allowed="a citizen without a phone number")
    if actor.phone == phone:
        return actor
    await use_code(city, phone, code, origin)
    without = {"_id": actor.person_id, "$or": [{"phone": None}, {"phone": phone}]}
    try:
        bound = await city.database.people.update_one(without, {"$set": {"phone": phone}})
    except DuplicateKeyError as error:
        # Said only to whoever has that phone in their hand.
        raise CityProblem("PHONE_TAKEN", field="phone", allowed="sign in with the number instead") from error
    if not bound.matched_count:
        raise CityProblem("NOT_ALLOWED", field="phone", allowed="a citizen without a phone number")
    tell_person_changed(city, actor.person_id)
    return replace(actor, phone=phone)
