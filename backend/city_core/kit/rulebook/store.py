"""Publishes rulebooks and opens the version that is asked for: the one in force, or that of an old case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row, literal
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.model import IN_FORCE
from city_core.kit.rulebook.tables import Content, Fault, Table, read_csv

T = TypeVar("T")


async def _nothing_wrong(_: City, __: Content) -> list[Fault]:
    return []


@dataclass(frozen=True)
class Rulebook(Generic[T]):
    """One set of rules: its tables, what holds before a first version, how it is checked and made ready.

    `check` looks at the rows alone; `check_in_city` also at what the city has (departments, types). A fault
    names a row by its place in the table, counted as in a file (`rows_numbered`): the first row is 2.
    """

    name: str
    tables: tuple[Table, ...]
    compile: Callable[[Content], T]
    default: Content = field(default_factory=dict)
    check: Callable[[Content], list[Fault]] = lambda _: []
    check_in_city: Callable[[City, Content], Awaitable[list[Fault]]] = _nothing_wrong

    @property
    def first_content(self) -> Content:
        return {table.name: self.default.get(table.name, []) for table in self.tables}


@dataclass(frozen=True)
class Opened(Generic[T]):
    """A rulebook ready for use, with the number of its version; 0 is what held before the first one."""

    version: int
    rules: T


@dataclass(frozen=True)
class Published:
    """What became of a publication: the version now in force, or what was wrong with it."""

    version: int
    faults: list[Fault]
    is_dry_run: bool = False

    @property
    def is_published(self) -> bool:
        return not self.faults and not self.is_dry_run


async def open_rules(city: City, book: Rulebook[T], version: int | None = None) -> Opened[T]:
    """Open a rulebook as it is in force now, or one version of it."""
    number = (await versions_in_force(city)).get(book.name, 0) if version is None else version
    known = city.opened_rules.get((book.name, number))
    if known is None:
        known = book.compile(await content_of(city, book, number))
        city.opened_rules.keep((book.name, number), known)
    return Opened(number, known)


async def versions_in_force(city: City) -> dict[str, int]:
    """Tell which version of each rulebook is in force."""
    row = await city.database.rules_in_force.find_one({"_id": IN_FORCE})
    return dict(row["versions"]) if row else {}


async def content_of(city: City, book: Rulebook[Any], version: int) -> Content:
    """Read the tables of one version."""
    if version == 0:
        return book.first_content
    row = await city.database.rulebook_versions.find_one({"_id": f"{book.name}:{version}"}, {"content": 1})
    if row is None:
        raise CityProblem("RULES_UNKNOWN", field="version", allowed=f"a version of {book.name}")
    return {**book.first_content, **row["content"]}


async def publish_csv(
    city: City,
    book: Rulebook[Any],
    files: Mapping[str, str],
    *,
    by: str,
    client_id: str,
    input_hash: str,
    note: str = "",
    dry_run: bool = False,
) -> Published:
    """Publish a rulebook from CSV files, one a table; a table that is left out stays as it is in force."""
    tables = {table.name: table for table in book.tables}
    unknown = [name for name in files if name not in tables]
    if unknown or not files:
        raise CityProblem("RULES_UNKNOWN", field="tables", allowed=", ".join(tables))
    in_force = (await versions_in_force(city)).get(book.name, 0)
    faults: list[Fault] = []
    content = dict(await content_of(city, book, in_force))
    for name, file in files.items():
        found = read_csv(tables[name], file)
        faults += found.faults
        content[name] = found.rows
    if faults:
        return Published(in_force, faults)
    return await publish(
        city, book, content, by=by, client_id=client_id, input_hash=input_hash, note=note, dry_run=dry_run
    )


async def publish(
    city: City,
    book: Rulebook[Any],
    content: Content,
    *,
    by: str,
    client_id: str,
    input_hash: str,
    note: str = "",
    dry_run: bool = False,
) -> Published:
    """Put a new version in force if nothing is wrong with it; otherwise the old one stays in force.

    The version is written first and then put in force by one conditional write: whoever dies in between
    leaves a version that nobody uses.
    """
    known = await city.database.rulebook_versions.find_one({"published_by": by, "client_id": client_id})
    if known is not None:
        if known["input_hash"] != input_hash:
            raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
        await _put_in_force(city, book.name, known["version"])
        return Published(known["version"], [])
    before = (await versions_in_force(city)).get(book.name, 0)
    faults = book.check(content) or await book.check_in_city(city, content)
    if faults or dry_run:
        return Published(before, faults, dry_run)
    version = await _write_version(city, book, content, by, client_id, input_hash, note)
    await _put_in_force(city, book.name, version)
    return Published(version, [])


async def _write_version(
    city: City,
    book: Rulebook[Any],
    content: Content,
    by: str,
    client_id: str,
    input_hash: str,
    note: str,
) -> int:
    newest = await city.database.rulebook_versions.find_one(
        {"name": book.name}, {"version": 1}, sort=[("version", -1)]
    )
    version = newest["version"] + 1 if newest else 1
    row: Row = {
        "_id": f"{book.name}:{version}", "name": book.name, "version": version,
        "content": {name: list(rows) for name, rows in content.items()}, "note": note,
        "published_at": city.clock.now(), "published_by": by, "client_id": client_id,
        "input_hash": input_hash,
    }  # fmt: skip
    try:
        await city.database.rulebook_versions.insert_one(row)
    except DuplicateKeyError:
        raise CityProblem("RULES_CHANGED", allowed="the version now in force") from None
    return version


async def _put_in_force(city: City, name: str, version: int) -> None:
    """Put a version in force unless a newer one is: repeating an old publication changes nothing."""
    field_name = f"versions.{name}"
    newer = {"$max": [{"$ifNull": [f"${field_name}", 0]}, literal(version)]}
    await city.database.rules_in_force.update_one(
        {"_id": IN_FORCE}, [{"$set": {field_name: newer}}], upsert=True
    )


def rows_numbered(rows: Iterable[Row]) -> Iterable[tuple[int, Row]]:
    """Number rows as a CSV file does: the head is row 1."""
    return enumerate(rows, start=2)
