"""That rules were published is put on record in the transaction that puts them in force."""

from __future__ import annotations

from city_core.audit.entry import By
from city_core.audit.record import Deed, Subject, entry_of, record_within
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import Session
from city_core.kit.rulebook.in_force import Beside


def noting_publication(city: City, by: By, command_id: str, note: str) -> Beside:
    """Give what is written beside a new version of rules: who published it, and the note that they gave."""

    async def beside(session: Session, name: str, version: int) -> None:
        deed = Deed(
            Verb.RULES_PUBLISHED, Subject(Kind.RULEBOOK, name), note, f"version {version}", command_id
        )
        await record_within(city, session, await entry_of(city, by, deed))

    return beside
