"""How the load looks: bars on a terminal, one line a table elsewhere, a table of counts in the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from city_seed.store import Counted

_TITLE = "{:<22}{:>8}{:>9}{:>11}{:>9}{:>8}"


class Display(Protocol):
    """Shows how far a load is."""

    def step(self, table: str, total: int) -> Callable[[int], None]: ...


class Silent:
    """Shows nothing."""

    def step(self, table: str, total: int) -> Callable[[int], None]:
        return lambda done: None


class PlainLines:
    """Writes one line when a table begins."""

    def step(self, table: str, total: int) -> Callable[[int], None]:
        print(f"{table}: {total} rows", flush=True)
        return lambda done: None


@contextmanager
def open_display(*, quiet: bool) -> Iterator[Display]:
    """Choose bars for a terminal, plain lines for a log, nothing when asked to be quiet."""
    if quiet:
        yield Silent()
    elif sys.stdout.isatty():
        with _bars() as display:
            yield display
    else:
        yield PlainLines()


@contextmanager
def _bars() -> Iterator[Display]:
    try:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    except ImportError:  # rich comes with the demo, the seed works without it
        yield PlainLines()
        return
    with Progress(TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn()) as progress:

        class Bars:
            def step(self, table: str, total: int) -> Callable[[int], None]:
                task = progress.add_task(table, total=total)
                return lambda done: progress.advance(task, done)

        yield Bars()


def summary(counts: list[Counted]) -> str:
    """Write the counts of all tables as one table."""
    lines = [_TITLE.format("table", "new", "changed", "unchanged", "refused", "total")]
    for row in counts:
        lines.append(_TITLE.format(row.table, row.new, row.changed, row.unchanged, row.refused, row.total))
    refused = sum(row.refused for row in counts)
    if refused:
        lines.append(f"{refused} people were left out: somebody else has their phone number.")
    return "\n".join(lines)
