"""`yiwang work`: what is stuck or was given up (dead letters), and what becomes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import click

from city_core.kit.city import City
from city_core.operation.refusals import OperationRefused
from city_core.operation.settle_work import forget_work, give_up_work, retry_work
from city_core.operation.work_items import Standing, StuckWork, find_work, stuck_work
from city_workers.operator.desk import FINE, FOUND, Desk, local, options, run

_STUCK = (Standing.GIVEN_UP, Standing.FAILING, Standing.LATE)
_STANDINGS = click.Choice([one.value for one in Standing])
Settle = Callable[[City, str, str], Awaitable[StuckWork]]


@click.group()
def work() -> None:
    """Work that the city still has to do: what is late, fails, or was given up."""


@work.command("list")
@click.option("--standing", multiple=True, type=_STANDINGS, help="Only what stands so; may be repeated.")
@click.option("--kind", multiple=True, help="Only work of a kind, such as push; may be repeated.")
@click.option("--most", default=100, show_default=True, type=click.IntRange(1, 10_000), help="How many.")
@options
def list_work(standing: tuple[str, ...], kind: tuple[str, ...], most: int, **given: Any) -> None:
    """Lists work that is stuck: given up, failing or late; ends with 1 when there is any."""

    async def do(city: City, desk: Desk) -> int:
        standings = {Standing(one) for one in standing} or set(_STUCK)
        found = [item async for item in stuck_work(city, standings, kind, most=most)]
        desk.tell([item.told() for item in found], [_line(item) for item in found] or "No work is stuck.")
        return FOUND if any(item.standing in _STUCK for item in found) else FINE

    run(do, given)


@work.command("show")
@click.argument("name")
@options
def show_work(name: str, **given: Any) -> None:
    """Shows one work item, by the name that `work list` gives it."""

    async def do(city: City, desk: Desk) -> int:
        found = await find_work(city, name)
        if found is None:
            raise OperationRefused(f"There is no work {name}: it is done, or was never there.")
        item, row = found
        about = {**item.told(), "input": row["input"]}
        desk.tell(about, [_line(item), f"input: {row['input']}"])
        return FINE

    run(do, given)


@work.command("retry")
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that was given up, of the kinds named.")
@click.option("--kind", multiple=True, help="With --all: only of a kind; may be repeated.")
@options
def retry(names: tuple[str, ...], every: bool, kind: tuple[str, ...], **given: Any) -> None:
    """Gives work all of its tries back: workers take it up at once."""

    async def do(city: City, desk: Desk) -> int:
        chosen = list(names)
        if every:
            found = stuck_work(city, {Standing.GIVEN_UP}, kind, most=10_000)
            chosen += [item.name async for item in found]
        return await _settle(city, desk, chosen, retry_work, "is tried anew")

    run(do, given, waker=True)


@work.command("give-up")
@click.argument("names", nargs=-1, required=True)
@options
def give_up(names: tuple[str, ...], **given: Any) -> None:
    """Has a worker give work up in good order at its next try, before its tries are used up."""

    async def do(city: City, desk: Desk) -> int:
        return await _settle(city, desk, list(names), give_up_work, "is given up by the next worker")

    run(do, given, waker=True)


@work.command("forget")
@click.argument("names", nargs=-1, required=True)
@options
def forget(names: tuple[str, ...], **given: Any) -> None:
    """Takes work that was given up off its case or photo, for good."""

    async def do(city: City, desk: Desk) -> int:
        desk.ask(f"Forget {len(names)} work item(s) for good?")
        return await _settle(city, desk, list(names), forget_work, "is forgotten")

    run(do, given)


async def _settle(city: City, desk: Desk, names: list[str], settle: Settle, became: str) -> int:
    """Settle each by itself: one that is refused does not stop the others."""
    done, refused = [], []
    for name in names:
        try:
            done.append((await settle(city, desk.by, name)).name)
        except OperationRefused as reason:
            refused.append({"name": name, "reason": str(reason)})
    lines = [f"{name} {became}." for name in done] + [one["reason"] for one in refused]
    desk.tell({"done": done, "refused": refused}, lines or "There was nothing to do.")
    return FOUND if refused else FINE


def _line(item: StuckWork) -> str:
    tries = f"{item.attempts} tries"
    return f"{item.standing:9} {item.kind:16} {tries:8} due {local(item.due_at):21} {item.name}"
