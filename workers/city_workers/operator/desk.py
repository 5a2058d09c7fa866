"""What every command of the operator has: the city, who asks, how answers are told, and exit codes."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.clock import SystemClock
from city_core.kit.mongo import PyMongoError, connect, database_of
from city_core.kit.problems import CityProblem
from city_core.kit.starting import why_not_started
from city_core.kit.waking import QuietWaker
from city_core.operation.backup.manifest import NoBackup
from city_core.operation.note_deed import operator_named
from city_core.operation.refusals import OperationRefused
from city_core.settings import WrongSetting, read_settings

FINE, FOUND, COULD_NOT = 0, 1, 2
Told = Callable[[str, int], None]


@dataclass(frozen=True)
class Desk:
    """Where a command is given: who gives it, and how it wants its answer."""

    by: str
    as_json: bool
    yes: bool

    def tell(self, value: Any, text: str | Sequence[str]) -> None:
        """Answer: as JSON for a machine, else as lines for a person."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=_as_text))
            return
        for line in [text] if isinstance(text, str) else text:
            click.echo(line)

    def ask(self, question: str) -> None:
        """Ask before something that cannot be undone; without a terminal, only `--yes` will do."""
        if self.yes:
            return
        if not sys.stdin.isatty():
            raise OperationRefused(f"{question} Say --yes to do it without being asked.")
        click.confirm(question, abort=True, err=True)

    @contextlib.contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Told]:
        """Show a bar on a terminal; nothing in a log or beside JSON."""
        try:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        except ImportError:  # rich comes with the demo, a server does without it
            yield lambda name, done: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"),
                   TimeElapsedColumn())  # fmt: skip
        console = Console(stderr=True)
        is_shown = console.is_terminal and not self.as_json
        with Progress(*columns, console=console, disable=not is_shown, transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda name, done: bar.update(task, advance=done, description=f"{what}: {name}")


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what all have: `--as`, `--json`, `--yes`."""
    for add in (
        click.option("--yes", is_flag=True, help="Do not ask before what cannot be undone."),
        click.option("--json", "as_json", is_flag=True, help="Answer as JSON."),
        click.option("--as", "operator_name", metavar="NAME", help="Your name, for the record."),
    ):
        command = add(command)
    return command


def run(
    do: Callable[[City, Desk], Awaitable[int]],
    given: Mapping[str, Any],
    *,
    opened: bool = True,
    waker: bool = False,
) -> None:
    """Do something in the city that the settings name and end the process with its exit code.

    With `opened` every index is made sure of first; else nothing is made by looking.
    """
    desk = Desk(operator_named(_account(), given["operator_name"]), given["as_json"], given["yes"])
    sys.exit(_ended(_doing(do, desk, opened=opened, waker=waker)))


def run_alone(do: Callable[[Desk], int], given: Mapping[str, Any]) -> None:
    """Do something that needs no city and end the process with its exit code."""
    desk = Desk(operator_named(_account(), given["operator_name"]), given["as_json"], given["yes"])

    async def doing() -> int:
        return do(desk)

    sys.exit(_ended(doing()))


async def _doing(do: Callable[[City, Desk], Awaitable[int]], desk: Desk, *, opened: bool, waker: bool) -> int:
    settings = read_settings().model_copy(update={"log_level": "ERROR"})
    if opened:
        wakes = None if waker else QuietWaker()
        async with open_city(settings, app_name="yiwang-operator", waker=wakes) as city:
            return await do(city, desk)
    async with _looked_at() as city:
        return await do(city, desk)


@contextlib.asynccontextmanager
async def _looked_at() -> AsyncIterator[City]:
    """Reach a city without making anything in it."""
    from city_core.kit.logs import set_up_logs

    settings = read_settings()
    set_up_logs("CRITICAL")
    client = connect(settings.mongodb_url, app_name="yiwang-operator")
    try:
        database = database_of(client, settings.mongodb_database)
        yield City(database, SystemClock(), QuietWaker(), settings)
    finally:
        client.close()


def _ended(doing: Any) -> int:
    """Run it; what the operator can mend is said in one sentence."""
    try:
        code: int = asyncio.run(doing)
        return code
    except CityProblem as problem:
        allowed = f" ({problem.allowed})" if problem.allowed else ""
        click.echo(f"{problem.kind.zh} {problem.kind.en}{allowed}", err=True)
        return FOUND
    except OperationRefused as refused:
        click.echo(str(refused), err=True)
        return FOUND
    except NoBackup as no_backup:
        click.echo(str(no_backup), err=True)
        return COULD_NOT
    except (WrongSetting, PyMongoError) as error:
        click.echo(why_not_started(error) or f"MongoDB did not answer: {type(error).__name__}.", err=True)
        return COULD_NOT
    except OSError as error:
        click.echo(f"A file cannot be read or written: {error}", err=True)
        return COULD_NOT


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in a container
        return "unknown"


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def local(instant: datetime | None) -> str:
    """Show an instant to a person: UTC, to the second."""
    return f"{instant:%Y-%m-%d %H:%M:%S}Z" if instant is not None else "-"
