"""Rules are published: a new version of a rulebook comes into force, or every bad row is named."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.audit.publishing import noting_publication
from city_core.cases.command import Command, input_hash
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import Published, publish_csv
from city_core.kit.text import checked_text
from city_core.people.roles import Actor
from city_core.rules.keepers import Books, book_named, check_keeper


async def publish_rulebook(
    city: City,
    books: Books,
    actor: Actor,
    command: Command,
    *,
    name: str,
    tables: Sequence[tuple[str, str]],
    note: str = "",
    dry_run: bool = False,
    based_on: int | None = None,
) -> Published:
    """Publish tables (name, CSV) of a rulebook; the tables left out stay as they are in force.

    With `dry_run` nothing is written: the answer says what would be wrong, or what would change.
    """
    check_keeper(actor)
    book = book_named(books, name)
    said = checked_text(note, field="note", most=500)
    files = dict(tables)
    if len(files) != len(tables):
        raise CityProblem("RULES_UNKNOWN", field="tables", allowed="each table once")
    mark = input_hash("publish", {"name": name, "tables": files, "note": said, "based_on": based_on})
    return await publish_csv(
        city,
        book,
        files,
        by=actor.person_id,
        client_id=command.client_id,
        input_hash=mark,
        note=said,
        beside=noting_publication(city, actor, command.client_id, said),
        dry_run=dry_run,
        based_on=based_on,
    )
