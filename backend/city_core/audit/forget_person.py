"""A person is forgotten by the audit log: their references lead to nobody any more, its chain stays whole."""

from __future__ import annotations

from city_core.audit.entry import By
from city_core.audit.model import SALTS
from city_core.audit.record import OPERATOR, Deed, Subject, entry_of, record_within
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import Session, in_transaction


async def forget_person(city: City, person_id: str, *, by: By = OPERATOR) -> bool:
    """Make every reference to a person unreadable for good; says whether there was one.

    For the deletion of one person's data; may be repeated. The log says that it was done, by their reference.
    """
    if await city.database[SALTS].find_one({"_id": person_id}, {"_id": 1}) is None:
        return False
    entry = await entry_of(city, by, Deed(Verb.PERSON_FORGOTTEN, Subject(Kind.PERSON, person_id)))

    async def write(session: Session) -> bool:
        done = await city.database[SALTS].delete_one({"_id": person_id}, session=session)
        if done.deleted_count:
            await record_within(city, session, entry)
        return bool(done.deleted_count)

    return await in_transaction(city.database, write)
