"""`yiwang keys`: keys of machines, and which secrets of the city are set."""

from __future__ import annotations

from typing import Any

import click

from city_core.eye.model import SourceKind
from city_core.eye.sources import IssuedKey
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.operation.doctor.settings import SECRETS
from city_core.operation.machine_keys import make_key, renew_key, secrets_set, sources, turn_off_key
from city_workers.operator.desk import FINE, Desk, local, options, run

_KINDS = click.Choice([kind.value for kind in SourceKind])


@click.group()
def keys() -> None:
    """Keys of machines that hand in frames, and the city's secrets (only whether they are set)."""


@keys.command("list")
@options
def list_keys(**given: Any) -> None:
    """Lists machine sources, and which secrets are set; never a key or a secret itself."""

    async def do(city: City, desk: Desk) -> int:
        found = [_told(row) for row in await sources(city, desk.by)]
        secrets = secrets_set(city.settings, SECRETS)
        lines = [_line(row) for row in found] or ["There is no machine source."]
        lines += [f"{name:32} {'set' if is_set else 'not set'}" for name, is_set in secrets.items()]
        desk.tell({"sources": found, "secrets": secrets}, lines)
        return FINE

    run(do, given)


@keys.command("make")
@click.argument("name")
@click.option("--kind", required=True, type=_KINDS, help="What it is.")
@click.option("--streets", default="", help="Codes of streets, comma between; empty for the whole city.")
@click.option("--frames-a-minute", default=6_000, show_default=True, type=int, help="Most it may send.")
@options
def make(name: str, kind: str, streets: str, frames_a_minute: int, **given: Any) -> None:
    """Lets a machine in; its key is shown this once."""

    async def do(city: City, desk: Desk) -> int:
        codes = [code.strip() for code in streets.split(",") if code.strip()]
        issued = await make_key(city, desk.by, name, SourceKind(kind), codes, frames_a_minute)
        return _tell_key(desk, issued)

    run(do, given)


@keys.command("renew")
@click.argument("source")
@options
def renew(source: str, **given: Any) -> None:
    """Gives a source another key, shown this once; the one before opens nothing any more."""

    async def do(city: City, desk: Desk) -> int:
        desk.ask(f"Renew the key of {source}? The machine is shut out until it has the new one.")
        return _tell_key(desk, await renew_key(city, desk.by, source))

    run(do, given)


@keys.command("turn-off")
@click.argument("source")
@options
def turn_off(source: str, **given: Any) -> None:
    """Closes a source: its key opens nothing until it gets another one."""

    async def do(city: City, desk: Desk) -> int:
        row = _told(await turn_off_key(city, desk.by, source))
        desk.tell(row, _line(row))
        return FINE

    run(do, given)


def _tell_key(desk: Desk, issued: IssuedKey) -> int:
    row = _told(issued.source)
    desk.tell({**row, "key": issued.key}, [_line(row), f"key: {issued.key}"])
    return FINE


def _told(row: Row) -> Row:
    return {
        "id": row["_id"], "name": row["name"], "kind": row["kind"], "streets": row["street_codes"],
        "active": row["is_active"], "key_made_at": row["key_made_at"],
    }  # fmt: skip


def _line(row: Row) -> str:
    standing = "open" if row["active"] else "turned off"
    streets = ",".join(row["streets"]) or "whole city"
    return (
        f"{row['id']}  {row['kind']:14} {standing:10} {local(row['key_made_at'])}  {streets}  {row['name']}"
    )
