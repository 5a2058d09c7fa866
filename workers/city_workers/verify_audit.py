"""Checks the audit log: `python -m city_workers.verify_audit [--head FILE ...] [--export FILE]`.

Reads every row from the first to the end of the chain and names the first bad one. With `--head` it also
checks that the log still reaches as far as heads that were exported before and kept elsewhere; `--export`
writes the present head to such a file. `--public-key` checks heads alone, without a city.

Ends with 0 when the log is whole; with 1 when a row or a head is not right; with 2 when the city cannot be
reached or is not set up.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from city_core.audit.head import HeadInvalid, export_head, read_head, read_own_head
from city_core.audit.record import OPERATOR, Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.audit.verify import verify_audit
from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.mongo import PyMongoError
from city_core.kit.starting import why_not_started
from city_core.kit.waking import QuietWaker
from city_core.settings import Settings, WrongSetting, read_settings


@dataclass(frozen=True)
class Checked:
    """What became of a check: one sentence for the operator, and whether the log is whole."""

    said: str
    is_whole: bool


async def check_log(city: City, heads: Sequence[str] = ()) -> Checked:
    """Check the log of a city against the texts of heads that were kept outside it."""
    began = time.monotonic()
    try:
        kept = [read_own_head(city, text) for text in heads]
    except HeadInvalid as error:
        return Checked(str(error), False)
    found = await verify_audit(city, heads=kept)
    took = f"{time.monotonic() - began:.1f} s"
    if found.bad is None:
        return Checked(f"{found.rows} rows are whole, {found.waiting} wait for their seal ({took}).", True)
    bad = found.bad
    where = f"seq {bad.seq if bad.seq is not None else 'not sealed yet'}, id {bad.id or 'none'}"
    if bad.lacking is not None:
        where = f"entry {bad.lacking} of a writer, before {where}"
    return Checked(f"The first bad row: {where}: {bad.what} ({found.rows} good before it, {took}).", False)


async def run(settings: Settings, heads: Sequence[str]) -> tuple[Checked, str]:
    """Check the city that the settings name; answers what was found, and its present head, signed."""
    async with open_city(settings, app_name="verify-audit", waker=QuietWaker()) as city:
        checked = await check_log(city, heads)
        deed = Deed(Verb.OPERATED, Subject(Kind.AUDIT, "verify"), detail=checked.said)
        await record(city, OPERATOR, deed)
        return checked, (await export_head(city)).to_json() + "\n"


def check_heads(heads: Sequence[str], public_key: str) -> int:
    """Check the signatures of heads with the public key alone, print each; answers the exit code."""
    for text in heads:
        try:
            head = read_head(text, public_key)
        except HeadInvalid as error:
            print(error)
            return 1
        print(f"seq {head.seq} at {head.time}: {head.hash}: signed.")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Do it from the command line."""
    parser = argparse.ArgumentParser(prog="city_workers.verify_audit", description="Checks the audit log.")
    parser.add_argument("--head", action="append", type=Path, default=[], help="a head that was kept")
    parser.add_argument("--export", type=Path, help="write the present head to this file")
    parser.add_argument("--public-key", help="64 hex digits: check only the heads, without a city")
    asked = parser.parse_args(arguments)
    try:
        heads = [path.read_text(encoding="utf-8") for path in asked.head]
        if asked.public_key is not None:
            return check_heads(heads, asked.public_key)
        checked, head = asyncio.run(run(read_settings(), heads))
        print(checked.said)
        if asked.export is not None and checked.is_whole:
            asked.export.write_text(head, encoding="utf-8")
        return 0 if checked.is_whole else 1
    except (WrongSetting, PyMongoError, OSError) as error:
        print(why_not_started(error) or f"It could not be checked: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
