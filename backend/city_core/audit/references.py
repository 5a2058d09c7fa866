"""Persons in the audit log: a reference that only a key outside the database and a salt in it lead back from.

Whoever is forgotten loses their salt; from then on nobody can tell whose the references are, and no row of
the log changes.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Collection

from city_core.audit.keys import audit_keys
from city_core.audit.model import SALTS
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row

NO_PERSONS = frozenset({"", "system", "operator"})
_SALT_BYTES = 16


async def reference_of(city: City, person_id: str) -> str:
    """Give the reference to a person; rules, the operator and nobody are named as they are."""
    if person_id in NO_PERSONS:
        return person_id
    row = await _salted(city, person_id)
    key = audit_keys(city.settings)[0]
    reference = hmac.digest(key.person, row["salt"] + person_id.encode(), hashlib.sha256).hex()[:40]
    if reference not in row["refs"]:
        await city.database[SALTS].update_one({"_id": person_id}, {"$addToSet": {"refs": reference}})
    return reference


async def references_to(city: City, person_id: str) -> list[str]:
    """List all references to a person, also those of earlier keys; none to one who was forgotten."""
    if person_id in NO_PERSONS:
        return [person_id]
    row = await city.database[SALTS].find_one({"_id": person_id}, {"refs": 1})
    return list(row["refs"]) if row is not None else []


async def persons_of(city: City, references: Collection[str]) -> dict[str, str]:
    """Tell whom references lead to; those of the forgotten lead to nobody and are left out."""
    wanted = set(references) - NO_PERSONS
    rows = city.database[SALTS].find({"refs": {"$in": sorted(wanted)}}, {"refs": 1})
    return {reference: row["_id"] async for row in rows for reference in row["refs"] if reference in wanted}


async def _salted(city: City, person_id: str) -> Row:
    salts = city.database[SALTS]
    row: Row | None = await salts.find_one({"_id": person_id})
    if row is None:
        first = {"$setOnInsert": {"salt": os.urandom(_SALT_BYTES), "refs": []}}
        try:
            row = await salts.find_one_and_update(
                {"_id": person_id}, first, upsert=True, return_document=True
            )
        except DuplicateKeyError:  # somebody else made it at the same moment
            row = await salts.find_one({"_id": person_id})
    assert row is not None
    return row
