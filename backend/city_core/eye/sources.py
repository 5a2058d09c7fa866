"""Machine sources 机器来源: the security administrator makes, rotates and disables keys, shown once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from city_core.audit.record import Deed, Subject, entry_of, record, record_within
from city_core.audit.verbs import Kind, Verb
from city_core.cases.command import Command, input_hash
from city_core.eye.model import SOURCES, SourceKind
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.keys import keyed_hash
from city_core.people.roles import Actor, Role

_PURPOSE = "machine key"
_LONGEST_KEY = 100
_MOST_FRAMES_A_MINUTE = 1_000_000
_MOST_STREETS = 200
_KEPT_COMMANDS = 50
TRIES = 10
KEEPERS_OF_KEYS = frozenset({Role.SECURITY_ADMINISTRATOR})


@dataclass(frozen=True)
class NewSource:
    """What the security administrator says of a new source; no streets means the whole city."""

    name: str
    kind: SourceKind
    street_codes: Sequence[str]
    frames_per_minute: int


@dataclass(frozen=True)
class IssuedKey:
    """A source and its new key; nothing for a command that came again, as a key is shown once."""

    source: Row
    key: str | None


async def create_machine_source(city: City, actor: Actor, command: Command, given: NewSource) -> IssuedKey:
    """Let a machine hand in frames, once per client id."""
    check_administers(actor)
    mark = input_hash("create_machine_source", asdict(given))
    name = checked_text(given.name, field="name", most=60, least=1)
    if not 1 <= given.frames_per_minute <= _MOST_FRAMES_A_MINUTE:
        allowed = f"1 to {_MOST_FRAMES_A_MINUTE:,}"
        raise CityProblem("REQUEST_INVALID", field="framesPerMinute", allowed=allowed)
    streets = await _checked_streets(city, given.street_codes)
    source_id = source_id_of(actor, command)
    key, now = _new_key(), city.clock.now()
    row = {
        "version": 1, "name": name, "kind": given.kind.value, "key_hash": _hash(city, key),
        "key_made_at": now, "street_codes": streets, "is_active": True,
        "frames_per_minute": given.frames_per_minute,
        "created_by": actor.person_id, "created_at": now, "commands": [_command_row(actor, command, mark)],
    }  # fmt: skip
    stored: Row | None = await city.database[SOURCES].find_one_and_update(
        {"_id": source_id}, {"$setOnInsert": row}, upsert=True, return_document=True
    )
    assert stored is not None
    is_ours = stored["key_hash"] == row["key_hash"]
    if not is_ours:
        _is_repeated(stored, actor, command, mark)
    await record(city, actor, _deed(Verb.MACHINE_KEY_MADE, source_id, command))
    return IssuedKey(stored, key if is_ours else None)


async def rotate_machine_key(city: City, actor: Actor, command: Command, source_id: str) -> IssuedKey:
    """Give a source another key; from this moment the old one opens nothing."""
    key = _new_key()
    changes = {"key_hash": _hash(city, key), "key_made_at": city.clock.now(), "is_active": True}
    source, is_done = await _change(city, actor, command, "rotate_machine_key", source_id, changes)
    return IssuedKey(source, key if is_done else None)


async def disable_machine_source(city: City, actor: Actor, command: Command, source_id: str) -> Row:
    """Close a source: its key opens nothing until it gets another one."""
    source, _ = await _change(city, actor, command, "disable_machine_source", source_id, {"is_active": False})
    return source


async def machine_sources(city: City, actor: Actor) -> list[Row]:
    """List all sources by name; keys are not told, be it as a hash."""
    check_administers(actor)
    rows = city.database[SOURCES].find({}, {"key_hash": 0, "commands": 0})
    return sorted(await rows.to_list(None), key=lambda row: (row["name"], row["_id"]))


async def source_of_key(city: City, key: str) -> Row:
    """Find the active source that a key belongs to; every other key is wrong alike."""
    wrong = CityProblem("MACHINE_KEY_WRONG", field="Authorization", allowed="Machine <key>")
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise wrong
    query = {"key_hash": _hash(city, key), "is_active": True}
    source: Row | None = await city.database[SOURCES].find_one(query, {"commands": 0, "key_hash": 0})
    if source is None:
        raise wrong
    return source


def check_administers(actor: Actor) -> None:
    """Refuse whoever does not keep the keys of machines."""
    if actor.role not in KEEPERS_OF_KEYS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(KEEPERS_OF_KEYS)))


def source_id_of(actor: Actor, command: Command) -> str:
    """Name the source that a command makes: the same command names the same source."""
    return input_hash("machine_source", {"by": actor.person_id, "id": command.client_id})


async def _change(
    city: City, actor: Actor, command: Command, action: str, source_id: str, changes: Row
) -> tuple[Row, bool]:
    check_administers(actor)
    mark = input_hash(action, {"id": source_id})
    latest = {"$each": [_command_row(actor, command, mark)], "$slice": -_KEPT_COMMANDS}
    for _ in range(TRIES):
        source: Row | None = await city.database[SOURCES].find_one({"_id": source_id})
        if source is None:
            raise CityProblem("SOURCE_UNKNOWN", field="sourceId", allowed="an id of machineSources")
        if _is_repeated(source, actor, command, mark):
            return source, False
        update = {"$set": changes, "$inc": {"version": 1}, "$push": {"commands": latest}}
        verb = Verb.MACHINE_KEY_MADE if "key_hash" in changes else Verb.MACHINE_KEY_CLOSED
        entry = await entry_of(city, actor, _deed(verb, source_id, command))
        changed = await _changed(city, source, update, entry)
        if changed is not None:
            return changed, True
    raise CityProblem("BUSY")


async def _changed(city: City, source: Row, update: Row, entry: Row) -> Row | None:
    """Change a source, if it is still as it was read, together with the line of the audit log."""

    async def write(session: Session) -> Row | None:
        as_read = {"_id": source["_id"], "version": source["version"]}
        changed: Row | None = await city.database[SOURCES].find_one_and_update(
            as_read, update, return_document=True, session=session
        )
        if changed is not None:
            await record_within(city, session, entry)
        return changed

    return await in_transaction(city.database, write)


def _deed(verb: Verb, source_id: str, command: Command) -> Deed:
    return Deed(verb, Subject(Kind.SOURCE, source_id), command_id=command.client_id)


def _is_repeated(source: Row, actor: Actor, command: Command, mark: str) -> bool:
    for row in source["commands"]:
        if (row["id"], row["person_id"]) == (command.client_id, actor.person_id):
            if row["input_hash"] != mark:
                raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
            return True
    return False


def _command_row(actor: Actor, command: Command, mark: str) -> Row:
    return {"id": command.client_id, "person_id": actor.person_id, "input_hash": mark}


async def _checked_streets(city: City, codes: Sequence[str]) -> list[str]:
    wanted = sorted(set(codes))
    query = {"_id": {"$in": wanted[:_MOST_STREETS]}, "level": "street"}
    known = await city.database.divisions.count_documents(query) if wanted else 0
    if known < len(wanted):
        raise CityProblem("AREA_UNKNOWN", field="streetCodes", allowed="codes of streets of the city")
    return wanted


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def _hash(city: City, key: str) -> str:
    return keyed_hash(city.settings, _PURPOSE, key)
