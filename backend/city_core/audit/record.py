"""Something is put on record: one line for one command or one reading, before anybody is answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from city_core.audit.entry import LONGEST_ID, By, mark_of, mark_of_ids, masked, shortened
from city_core.audit.keys import audit_keys
from city_core.audit.model import ENTRIES
from city_core.audit.references import reference_of
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row, Session
from city_core.kit.numbering import Numbered
from city_core.kit.transaction_ends import when_ended


@dataclass(frozen=True)
class Subject:
    """What something was done to: its kind, and one id or several; several are kept as a count and a mark."""

    kind: Kind
    id: str = ""
    ids: Collection[str] | None = None


@dataclass(frozen=True)
class Deed:
    """What was done: to what, why as somebody said it, what in particular, and by which command.

    `reason` is what somebody wrote, with long numbers masked; `detail` is made by the city: no name, no
    number of a person.
    """

    verb: Verb
    subject: Subject
    reason: str = ""
    detail: str = ""
    command_id: str = ""


@dataclass(frozen=True)
class Somebody:
    """Who does something without being signed in: the operator at the city's own machine, or a stranger."""

    person_id: str = ""
    role: str = ""
    origin: str = ""
    network: str = ""


OPERATOR = Somebody("operator", "OPERATOR", "operator")


async def record(city: City, by: By, deed: Deed) -> None:
    """Put something on record; a command that comes again is on record already.

    What cannot be put on record does not happen: the error of the store goes up to whoever asked.
    """
    entry, taken = _marked(city, await entry_of(city, by, deed))
    is_written = False
    try:
        await city.database[ENTRIES].insert_one(entry)
        is_written = True
    except DuplicateKeyError:
        return
    finally:
        city.numbering.settle(taken, is_written=is_written)


async def record_within(city: City, session: Session, entry: Row) -> None:
    """Put an entry that `entry_of` made on record in the same transaction as the change that it tells of."""
    same = {name: entry[name] for name in ("command_id", "person_ref", "verb", "subject_id")}
    entries = city.database[ENTRIES]
    if entry["command_id"] and await entries.find_one(
        {**same, "command_id": {"$eq": entry["command_id"], "$gt": ""}}, {"_id": 1}, session=session
    ):
        return
    marked, taken = _marked(city, entry)
    when_ended(session, lambda is_kept: city.numbering.settle(taken, is_written=is_kept))
    await entries.insert_one(marked, session=session)


async def entry_of(city: City, by: By, deed: Deed) -> Row:
    """Write down who did what, ready to be put on record, with persons as references."""
    key = audit_keys(city.settings)[0]
    subject, ids = deed.subject, deed.subject.ids
    is_person = subject.kind is Kind.PERSON
    now = city.clock.now()
    return {
        "_id": new_id(),
        "at": now.replace(microsecond=now.microsecond // 1000 * 1000),
        "verb": deed.verb.value,
        "person_ref": await reference_of(city, by.person_id),
        "post": str(by.role),
        "subject_kind": subject.kind.value,
        "subject_id": await reference_of(city, subject.id)
        if is_person
        else shortened(subject.id, LONGEST_ID),
        "subject_count": 1 if ids is None else len(ids),
        "subjects_mark": "" if ids is None else mark_of_ids(key.person, ids),
        "reason": masked(deed.reason),
        "detail": shortened(deed.detail),
        "origin": masked(by.origin, 60),
        "network": by.network,
        "command_id": deed.command_id,
        "key_id": key.id,
        "is_sealed": False,
        "seq": None,
        "seal": None,
        "seal_key_id": None,
    }


def _marked(city: City, entry: Row) -> tuple[Row, Numbered]:
    """Number an entry among those of this process, and mark it with the key."""
    taken = city.numbering.next()
    numbered = {**entry, **{name: value for name, value in asdict(taken).items() if value}}
    return {**numbered, "mark": mark_of(audit_keys(city.settings)[0].mark, numbered)}, taken
