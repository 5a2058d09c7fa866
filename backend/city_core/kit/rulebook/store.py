"""Publishes rulebooks and opens the version that is asked for: the one in force, or that of an old case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.differences import Difference, differences
from city_core.kit.rulebook.in_force import Beside, put_in_force, versions_in_force
from city_core.kit.rulebook.tables import Content, Fault, Table, blank_row, read_csv

__all__ = ["Opened", "Published", "Rulebook", "content_of", "open_rules", "publish", "publish_csv",
           "rows_numbered", "versions_in_force"]  # fmt: skip

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
    differences: list[Difference] = field(default_factory=list)

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


def opened_before(city: City, book: Rulebook[T], version: int) -> T | None:
    """Give a version that this process has at hand, without asking the store; None where it has not."""
    known: T | None = city.opened_rules.get((book.name, version))
    return known


async def content_of(city: City, book: Rulebook[Any], version: int) -> Content:
    """Read the tables of one version; a column that it did not know yet is blank."""
    if version == 0:
        return book.first_content
    row = await city.database.rulebook_versions.find_one({"_id": f"{book.name}:{version}"}, {"content": 1})
    if row is None:
        raise CityProblem("RULES_UNKNOWN", field="version", allowed=f"a version of {book.name}")
    return _completed(book, row["content"])


def _completed(book: Rulebook[Any], content: Content) -> Content:
    found = {**book.first_content, **content}
    blanks = {table.name: blank_row(table) for table in book.tables}
    return {name: [{**blanks[name], **row} for row in rows] for name, rows in found.items() if name in blanks}


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
    based_on: int | None = None,
    beside: Beside | None = None,
) -> Published:
    """Publish a rulebook from CSV files, one a table; a table that is left out stays as it is in force."""
    tables = {table.name: table for table in book.tables}
    if not files or files.keys() - tables.keys():
        raise CityProblem("RULES_UNKNOWN", field="tables", allowed=", ".join(tables))
    before = (await versions_in_force(city)).get(book.name, 0) if based_on is None else based_on
    found = {name: read_csv(tables[name], file) for name, file in files.items()}
    faults = [fault for table in found.values() for fault in table.faults]
    if faults:
        return Published(before, faults, dry_run)
    content = {**await content_of(city, book, before), **{name: read.rows for name, read in found.items()}}
    published = await publish(
        city, book, content, by=by, client_id=client_id, input_hash=input_hash, note=note, dry_run=dry_run,
        based_on=before, beside=beside,
    )  # fmt: skip
    lines = {name: read.lines for name, read in found.items()}
    return replace(published, faults=[_in_file(fault, lines) for fault in published.faults])


def _in_file(fault: Fault, lines: Mapping[str, list[int]]) -> Fault:
    """Name the line of the file: blank lines count there, though they are no rows."""
    if fault.row is None or fault.table not in lines:
        return fault
    return replace(fault, row=lines[fault.table][fault.row - 2])


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
    based_on: int | None = None,
    beside: Beside | None = None,
) -> Published:
    """Put a new version in force if nothing is wrong with it; otherwise the old one stays in force.

    `based_on` is the version that the content was made from, the one in force unless said otherwise: when
    another has come into force meanwhile, nothing is published. The version is written first and then put in
    force by one conditional write; whoever dies in between leaves a version that nobody uses, and repeating
    the command puts it in force. `beside` is written in the transaction that puts it in force.
    """
    # In this order: what is in force was written before, so a twin of this command that won is known below.
    in_force = (await versions_in_force(city)).get(book.name, 0)
    known = await _written_before(city, book, by, client_id, input_hash) if not dry_run else None
    if known is not None:
        return await _enforced(city, book, known, beside)
    before = in_force if based_on is None else based_on
    if before != in_force:
        raise CityProblem("RULES_CHANGED", field="basedOn", allowed=f"version {in_force}, now in force")
    faults = book.check(content) or await book.check_in_city(city, content)
    if faults:
        return Published(before, faults, dry_run)
    if dry_run:
        found = differences(book.tables, await content_of(city, book, before), content)
        return Published(before, [], dry_run, found)
    row: Row = {
        "name": book.name, "content": {name: list(rows) for name, rows in content.items()}, "note": note,
        "based_on": before, "published_at": city.clock.now(), "published_by": by, "client_id": client_id,
        "input_hash": input_hash,
    }  # fmt: skip
    return await _enforced(city, book, await _written(city, book, row), beside)


async def _written_before(
    city: City, book: Rulebook[Any], by: str, client_id: str, input_hash: str
) -> Row | None:
    query = {"published_by": by, "client_id": client_id}
    known: Row | None = await city.database.rulebook_versions.find_one(query)
    if known is not None and (known["name"], known["input_hash"]) != (book.name, input_hash):
        raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
    return known


async def _written(city: City, book: Rulebook[Any], row: Row) -> Row:
    newest = await city.database.rulebook_versions.find_one(
        {"name": book.name}, {"version": 1}, sort=[("version", -1)]
    )
    version = newest["version"] + 1 if newest else 1
    numbered = {"_id": f"{book.name}:{version}", "version": version, **row}
    try:
        await city.database.rulebook_versions.insert_one(numbered)
    except DuplicateKeyError:
        known = await _written_before(city, book, row["published_by"], row["client_id"], row["input_hash"])
        if known is None:
            raise CityProblem("RULES_CHANGED", allowed="the version now in force") from None
        return known
    return numbered


async def _enforced(city: City, book: Rulebook[Any], row: Row, beside: Beside | None) -> Published:
    """Put a written version in force; one that came too late goes away again, so that it can be retried."""
    if not await put_in_force(city, book.name, row["version"], after=row["based_on"], beside=beside):
        await city.database.rulebook_versions.delete_one({"_id": row["_id"], "client_id": row["client_id"]})
        raise CityProblem("RULES_CHANGED", allowed="the version now in force")
    before = await content_of(city, book, row["based_on"])
    return Published(row["version"], [], False, differences(book.tables, before, row["content"]))


def rows_numbered(rows: Iterable[Row]) -> Iterable[tuple[int, Row]]:
    """Number rows as a CSV file does: the head is row 1."""
    return enumerate(rows, start=2)
