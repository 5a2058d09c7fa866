"""The kinds of emergencies of the reference data, published like any other version of their rulebook."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.kit.city import City
from city_core.kit.rulebook.store import publish_csv
from city_core.kit.rulebook.tables import Content, Fault, read_csv
from city_seed.store import Counted

FILES = {
    "profiles": "emergency_profiles.csv",
    "profile_limits": "emergency_limits.csv",
    "profile_routes": "emergency_routes.csv",
}
_SEED = "seed"


def read_emergencies(folder: Path, problems: list[str]) -> dict[str, str]:
    """Read the tables of the profiles as they stand in their files; every bad row is named."""
    texts, content = {}, {}
    for table in EMERGENCY_PROFILES.tables:
        file = folder / FILES[table.name]
        try:
            texts[table.name] = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{file.name}: cannot be read ({error})")
            return {}
        found = read_csv(table, texts[table.name])
        problems += [_complaint(fault) for fault in found.faults]
        content[table.name] = found.rows
    checked: Content = content
    problems += [_complaint(fault) for fault in EMERGENCY_PROFILES.check(checked)]
    return texts


async def publish_emergencies(city: City, texts: dict[str, str]) -> Counted:
    """Publish the profiles if these very tables never were; a version that a keeper made since stays."""
    name = EMERGENCY_PROFILES.name
    mark = hashlib.sha256("\0".join(texts[table] for table in FILES).encode()).hexdigest()[:32]
    known = {"published_by": _SEED, "name": name, "input_hash": mark}
    counted = Counted("rulebook_versions")
    if await city.database.rulebook_versions.find_one(known, {"_id": 1}) is not None:
        counted.unchanged = 1
        return counted
    client_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{name}:{mark}").hex
    published = await publish_csv(
        city, EMERGENCY_PROFILES, texts, by=_SEED, client_id=client_id, input_hash=mark
    )
    counted.new, counted.refused = int(published.is_published), len(published.faults)
    return counted


def _complaint(fault: Fault) -> str:
    where = FILES[fault.table] + ("" if fault.row is None else f", row {fault.row}")
    return f"{where}: {fault.en}"
