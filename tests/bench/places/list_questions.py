"""What people ask of the lists: pages, near the top and far down, and counts."""

from __future__ import annotations

from datetime import timedelta

from city_core.cases.queries import CaseFilter, count_cases, page_of_cases
from city_core.people.roles import Actor
from tests.bench.places.asked import PAGE, Asked, DeepQuestion, Question

DEEP_PAGE = 50
LISTED = ("_id", "number", "state", "type_code", "place", "deadline_at", "reported_at")


def page(
    who: str = "leader-001",
    *,
    by_type: bool = False,
    by_street: bool = False,
    deep: bool = False,
    **wanted: object,
) -> Question:
    """Read a page of a list, the first one or the fiftieth; that one was read once before.

    What lies far down comes from the disk the first time, where the records are more than fit into memory.
    """

    async def ask(asked: Asked) -> int:
        narrowed = _filter(asked, by_type, by_street, wanted)
        after = asked.kept.get(_key(asked, who, narrowed)) if deep else None
        found = await page_of_cases(
            asked.city, asked.people[who], narrowed, first=PAGE, after=after, fields=LISTED
        )
        return len(found.rows)

    async def walk_there(asked: Asked) -> None:
        narrowed = _filter(asked, by_type, by_street, wanted)
        if (key := _key(asked, who, narrowed)) not in asked.kept:
            asked.kept[key] = await _after_many_pages(asked, asked.people[who], narrowed)
            await ask(asked)

    return DeepQuestion(ask, walk_there) if deep else ask


def count(
    who: str = "leader-001", *, by_type: bool = False, by_street: bool = False, **wanted: object
) -> Question:
    """Count a list; the result is one number."""

    async def ask(asked: Asked) -> int:
        await count_cases(asked.city, asked.people[who], _filter(asked, by_type, by_street, wanted))
        return 1

    return ask


def _filter(asked: Asked, by_type: bool, by_street: bool, wanted: dict[str, object]) -> CaseFilter:
    given = dict(wanted)
    if "last_days" in given:
        given["reported_from"] = asked.city.clock.now() - timedelta(days=float(str(given.pop("last_days"))))
    if "first_days" in given:
        until = asked.city.clock.now() - timedelta(days=asked.days - float(str(given.pop("first_days"))))
        given["reported_from"], given["reported_to"] = until - timedelta(days=60), until
    return CaseFilter(
        type_code=asked.type_code if by_type else None,
        street_code=asked.street_code if by_street else None,
        **given,  # type: ignore[arg-type]
    )


def _key(asked: Asked, who: str, wanted: CaseFilter) -> str:
    return f"{asked.city.database.name} {who} {wanted}"


async def _after_many_pages(asked: Asked, actor: Actor, wanted: CaseFilter) -> str | None:
    after: str | None = None
    for _ in range(DEEP_PAGE // 5 - 1):
        found = await page_of_cases(asked.city, actor, wanted, first=5 * PAGE, after=after, fields=["_id"])
        if not found.has_next:
            break
        after = found.end_cursor
    return after
