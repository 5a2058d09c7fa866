"""`yiwang people`: members of staff, their posts and standing; no phone number is shown in full."""

from __future__ import annotations

from typing import Any

import click

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.operation.change_staff import change_staff
from city_core.operation.staff import STAFF, find_staff, list_staff
from city_core.people.change_person import PersonChange
from city_core.people.roles import Role
from city_workers.operator.desk import FINE, Desk, options, run

_POSTS = click.Choice(sorted(role.value for role in STAFF))


@click.group()
def people() -> None:
    """Members of staff: who has which post, who may sign in."""


@people.command("list")
@click.option("--role", type=_POSTS, help="Only who has this post.")
@click.option("--department", help="Only people of a department, by its id.")
@click.option("--disabled", is_flag=True, help="Only who may not sign in.")
@click.option("--most", default=500, show_default=True, type=click.IntRange(1, 10_000), help="How many.")
@options
def list_people(role: str | None, department: str | None, disabled: bool, most: int, **given: Any) -> None:
    """Lists members of staff by their ids."""

    async def do(city: City, desk: Desk) -> int:
        asked = Role(role) if role else None
        rows = await list_staff(city, asked, department, only_disabled=disabled, most=most)
        desk.tell(rows, [_line(row) for row in rows] or "There is nobody like that.")
        return FINE

    run(do, given)


@people.command("show")
@click.argument("person")
@options
def show_person(person: str, **given: Any) -> None:
    """Shows one member of staff, with open sign-ins and phones."""

    async def do(city: City, desk: Desk) -> int:
        row = await find_staff(city, person)
        desk.tell(row, [f"{name}: {value}" for name, value in row.items()])
        return FINE

    run(do, given)


@people.command("disable")
@click.argument("person")
@options
def disable(person: str, **given: Any) -> None:
    """Signs a person out everywhere, for as long as they are disabled."""

    async def do(city: City, desk: Desk) -> int:
        desk.ask(f"Sign {person} out everywhere?")
        return await _change(city, desk, person, PersonChange(disabled=True))

    run(do, given, waker=True)


@people.command("enable")
@click.argument("person")
@options
def enable(person: str, **given: Any) -> None:
    """Lets a person sign in again."""

    async def do(city: City, desk: Desk) -> int:
        return await _change(city, desk, person, PersonChange(disabled=False))

    run(do, given, waker=True)


@people.command("set-post")
@click.argument("person")
@click.option("--role", type=_POSTS, help="The post.")
@click.option("--department", help="The id of a department.")
@click.option("--streets", help="Codes of streets, comma between; empty for none.")
@click.option("--grids", help="Ids of responsibility grids, comma between; empty for none.")
@options
def set_post(
    person: str,
    role: str | None,
    department: str | None,
    streets: str | None,
    grids: str | None,
    **given: Any,
) -> None:
    """Gives a person another post, department or area; it counts from their next request."""

    async def do(city: City, desk: Desk) -> int:
        post = Role(role) if role else None
        change = PersonChange(post, department, _listed(streets), _listed(grids))
        return await _change(city, desk, person, change)

    run(do, given, waker=True)


async def _change(city: City, desk: Desk, person: str, change: PersonChange) -> int:
    row = await change_staff(city, desk.by, person, change)
    desk.tell(row, _line(row))
    return FINE


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def _line(row: Row) -> str:
    streets = ",".join(row["streets"]) or "-"
    standing = "disabled" if row["disabled"] else "enabled"
    department = row["department"] or "-"
    return f"{row['id']:28} {row['role']:22} {department:16} {streets:24} {row['phone']:4} {standing}"
