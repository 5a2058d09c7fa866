"""`yiwang doctor`: what is wrong with the set-up of the city, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from city_core.bootstrap import RULEBOOKS, STORED_SHAPES
from city_core.kit.city import City
from city_core.operation.doctor.finding import Patient, Severity
from city_core.operation.doctor.look import CHECKS, examine
from city_core.operation.migrations.steps import STEPS
from city_workers.operator.desk import FINE, FOUND, Desk, options, run

_SIGNS = {Severity.FINE: "ok  ", Severity.WARNING: "WARN", Severity.FAULT: "BAD ", Severity.SKIPPED: "... "}


@click.command()
@click.option("--only", multiple=True, type=click.Choice([check.name for check in CHECKS]),
              help="Only this check; may be repeated.")  # fmt: skip
@options
def doctor(only: tuple[str, ...], **given: Any) -> None:
    """Looks at servers, indexes, keys, workers, stuck work, rules and records, and says what to do.

    Changes nothing. Ends with 0 when all is well, with 1 when something was found.
    """

    async def do(city: City, desk: Desk) -> int:
        return await tell_findings(Patient(city, STORED_SHAPES, RULEBOOKS, STEPS), desk, only)

    run(do, given, opened=False)


async def tell_findings(patient: Patient, desk: Desk, only: Sequence[str], *, quietly: bool = False) -> int:
    """Tell what was found as it is found; answers the exit code."""
    rows, is_fine = [], True
    async for looked in examine(patient, only):
        is_fine = is_fine and looked.is_fine
        for one in looked.findings:
            rows.append({"check": looked.check.name, **vars(one)})
            if not desk.as_json:
                click.echo(f"{_SIGNS[one.severity]} {looked.check.name:15} {one.says}")
                if one.do:
                    click.echo(f"{'':21}-> {one.do}")
    if desk.as_json and not quietly:
        desk.tell(rows, "")
    return FINE if is_fine else FOUND
