"""One trial: twenty inspectors report for a while, things go wrong, then the balance is drawn up."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import AsyncExitStack

from city_demo.morning.crew import ACCOUNTS, Crew, officers_of
from city_demo.phones import Hints
from city_demo.phones.citizen import codes_in
from tests.faults.balance import Balance, drawn_up, struck
from tests.faults.besieged_city import BesiegedCity
from tests.faults.reporters import Book, Reporter
from tests.faults.troubles import Blow, Trouble
from tests.waiting import until

REPORTERS = 20
SETTLED_S = 180.0
_FIRST_INSPECTOR = 15


async def people_on_duty(city: BesiegedCity) -> None:
    """Have the officers who will get the tasks sign in, with phones that can be pushed to."""
    async with AsyncExitStack() as stack:
        hints = await stack.enter_async_context(Hints(city.fcm_url))
        crew = await stack.enter_async_context(Crew(city.url, hints, codes_in(city.api_log)))
        await crew.come_on_duty(officers_of(["sanitation"]))


async def tried(
    city: BesiegedCity, trouble: Trouble, *, seconds: float, pause_s: float, book: Book | None = None
) -> Balance:
    """Let things go wrong under load for a while, wait until all work is done, and count.

    Troubles that have an end of their own are waited for; the others end when the time is up.
    """
    kept, blows, over = book or Book(), list[Blow](), asyncio.Event()
    kept.answers_s = []
    password = json.loads(ACCOUNTS.read_text(encoding="utf-8"))["staff_password"]
    reporters = [
        Reporter(f"inspector-{_FIRST_INSPECTOR + turn:03d}", city.urls, kept, pause_s)
        for turn in range(REPORTERS)
    ]
    for reporter in reporters:
        await reporter.sign_in(password)
    reporting = [asyncio.create_task(reporter.report_until(over)) for reporter in reporters]
    try:
        going_wrong = asyncio.create_task(trouble(city, over, blows))
        await asyncio.wait([going_wrong], timeout=seconds)
        ended = time.monotonic()
        over.set()
        await going_wrong
        await asyncio.gather(*reporting)
    finally:
        over.set()
        for reporter in reporters:
            await reporter.close()
    await until(lambda: not city.open_work(), lambda: city.open_work()[:5], seconds=SETTLED_S)
    balance = drawn_up(city, kept)
    struck(balance, kept, sorted(blows, key=lambda blow: blow.at), ended)
    return balance
