"""Reads of the rulebooks: which there are, what a version says, and all versions of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import Rulebook, content_of, versions_in_force
from city_core.kit.rulebook.tables import Content
from city_core.people.roles import Actor
from city_core.rules.keepers import Books, book_named, check_reader

_ABOUT = {"version": 1, "note": 1, "based_on": 1, "published_at": 1, "published_by": 1}


@dataclass(frozen=True)
class RulebookView:
    """A rulebook with the version in force, and one version of it where that was asked for."""

    book: Rulebook[Any]
    version_in_force: int
    about: Row
    content: Content


async def rulebooks(city: City, books: Books, actor: Actor) -> list[tuple[Rulebook[Any], int]]:
    """List the rulebooks, each with its version in force."""
    check_reader(actor)
    versions = await versions_in_force(city)
    return [(book, versions.get(name, 0)) for name, book in books.items()]


async def rulebook(city: City, books: Books, actor: Actor, name: str, version: int | None) -> RulebookView:
    """Read one version of a rulebook, the one in force unless another is named."""
    check_reader(actor)
    book = book_named(books, name)
    in_force = (await versions_in_force(city)).get(name, 0)
    number = in_force if version is None else version
    content = await content_of(city, book, number)
    about = await city.database.rulebook_versions.find_one({"_id": f"{name}:{number}"}, _ABOUT)
    return RulebookView(book, in_force, about or {"version": 0}, content)


async def rulebook_versions(
    city: City, books: Books, actor: Actor, name: str, *, first: int, after: str | None
) -> Page:
    """List what was published of a rulebook, the newest first."""
    check_reader(actor)
    query: Row = {"name": book_named(books, name).name}
    if after is not None:
        query["version"] = {"$lt": _version_in(after)}
    found = city.database.rulebook_versions.find(query, _ABOUT).sort("version", -1)
    rows = await found.limit(checked_size(first) + 1).to_list(None)
    in_force = (await versions_in_force(city)).get(name, 0)
    shown = [{**row, "place": str(row["version"]), "in_force": row["version"] == in_force} for row in rows]
    return page_of(shown, first, "place")


def _version_in(cursor: str) -> int:
    [place] = keys_of(cursor, 1)
    if place is None or not (place.isascii() and place.isdecimal() and len(place) < 10):
        raise CityProblem("PAGE_INVALID", field="after", allowed="an endCursor of this list")
    return int(place)
