"""A rulebook in a real MongoDB: published whole or not at all, repeatable, and never losing a change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.cells import text, whole
from city_core.kit.rulebook.differences import Difference
from city_core.kit.rulebook.store import (
    Published,
    Rulebook,
    content_of,
    open_rules,
    publish,
    publish_csv,
    rows_numbered,
    versions_in_force,
)
from city_core.kit.rulebook.tables import Content, Fault, Table

PRICES = Table("prices", (text("name"), whole("price", least=1, most=100)), key=("name",))
SHOPS = Table("shops", (text("name"), text("street", blank="")), key=("name",))


def _check(content: Content) -> list[Fault]:
    return [
        Fault("prices", number, "price", "太贵", "too dear")
        for number, row in rows_numbered(content["prices"])
        if row["price"] > 50
    ]


async def _check_in_city(city: City, content: Content) -> list[Fault]:
    known = {row["_id"] async for row in city.database.departments.find({}, {"_id": 1})}
    return [
        Fault("shops", number, "street", "没有", f"no street {row['street']}")
        for number, row in rows_numbered(content["shops"])
        if row["street"] and row["street"] not in known
    ]


BOOK: Rulebook[dict[str, int]] = Rulebook(
    name="market",
    tables=(PRICES, SHOPS),
    compile=lambda content: {row["name"]: row["price"] for row in content["prices"]},
    default={"prices": [{"name": "rice", "price": 3}]},
    check=_check,
    check_in_city=_check_in_city,
)


async def send(city: City, *, client_id: str | None = None, **files: str) -> Published:
    chosen = client_id or new_id()
    return await publish_csv(city, BOOK, files, by="keeper", client_id=chosen, input_hash=str(files))


async def prices(city: City, version: int | None = None) -> tuple[int, dict[str, int]]:
    opened = await open_rules(city, BOOK, version)
    return opened.version, opened.rules


async def versions_stored(city: City) -> int:
    return await city.database.rulebook_versions.count_documents({})


async def test_before_anything_is_published_the_default_holds(city: City) -> None:
    assert await prices(city) == (0, {"rice": 3})
    assert await versions_in_force(city) == {}


async def test_a_version_comes_into_force_and_the_old_ones_stay_readable(city: City) -> None:
    first = await send(city, prices="name,price\nrice,4\ntea,9\n")
    second = await send(city, prices="name,price\ntea,8\n")
    assert first == Published(1, [], False, [Difference("prices", 1, 0, 1, 0), Difference("shops")])
    assert second == Published(2, [], False, [Difference("prices", 0, 1, 1, 0), Difference("shops")])
    assert await prices(city) == (2, {"tea": 8})
    assert await prices(city, 1) == (1, {"rice": 4, "tea": 9})
    assert await prices(city, 0) == (0, {"rice": 3})


async def test_tables_left_out_stay_as_they_are_in_force(city: City) -> None:
    await send(city, prices="name,price\ntea,8\n", shops="name\nMa\n")
    await send(city, shops="name\nWu\n")
    content = await content_of(city, BOOK, 2)
    assert content == {"prices": [{"name": "tea", "price": 8}], "shops": [{"name": "Wu", "street": ""}]}


@pytest.mark.parametrize(
    ("file", "faults"),
    [
        ("name,price\nrice,0\n,3\n",
         ["prices, row 2, price: must be a whole number from 1 to 100, not '0'",
          "prices, row 3, name: must not be empty"]),
        ("name,price\nrice,3\n\ntea,51\n", ["prices, row 4, price: too dear"]),  # the blank line counts
        ("name\nrice\n", ["prices, row 1: wrong head; missing: price; unknown or twice: none; "
                          "known: name, price"]),
    ],
)  # fmt: skip
async def test_bad_rows_are_named_and_the_old_version_stays(city: City, file: str, faults: list[str]) -> None:
    await send(city, prices="name,price\ntea,8\n")
    published = await send(city, prices=file)
    assert [str(fault) for fault in published.faults] == faults
    assert (published.version, published.is_published) == (1, False)
    assert await prices(city) == (1, {"tea": 8})
    assert await versions_stored(city) == 1


async def test_what_the_city_does_not_have_is_refused(city: City) -> None:
    published = await send(city, shops="name,street\nMa,\nWu,nowhere\n")
    assert [str(fault) for fault in published.faults] == ["shops, row 3, street: no street nowhere"]
    assert (await versions_in_force(city), await versions_stored(city)) == ({}, 0)


@pytest.mark.parametrize("files", [{}, {"wages": "name\n"}])
async def test_an_unknown_table_or_none_is_refused_with_what_there_is(
    city: City, files: dict[str, str]
) -> None:
    with pytest.raises(CityProblem) as refusal:
        await send(city, **files)
    assert (refusal.value.code, refusal.value.allowed) == ("RULES_UNKNOWN", "prices, shops")


async def test_an_unknown_version_is_refused(city: City) -> None:
    with pytest.raises(CityProblem) as refusal:
        await open_rules(city, BOOK, 7)
    assert refusal.value.code == "RULES_UNKNOWN"


async def test_a_repeated_command_answers_the_same_and_changes_nothing_more(city: City) -> None:
    client_id = new_id()
    first = await send(city, client_id=client_id, prices="name,price\ntea,8\n")
    await send(city, prices="name,price\ntea,9\n")
    assert await send(city, client_id=client_id, prices="name,price\ntea,8\n") == first
    assert await prices(city) == (2, {"tea": 9})
    with pytest.raises(CityProblem) as refusal:
        await send(city, client_id=client_id, prices="name,price\ntea,7\n")
    assert refusal.value.code == "COMMAND_REUSED"
    assert await versions_stored(city) == 2


async def test_a_dry_run_says_what_would_change_and_writes_nothing(city: City) -> None:
    file = {"prices": "name,price\nrice,4\ntea,9\n"}
    given: dict[str, Any] = {"by": "keeper", "client_id": new_id(), "input_hash": "x"}
    tried = await publish_csv(city, BOOK, file, dry_run=True, **given)
    assert tried == Published(0, [], True, [Difference("prices", 1, 0, 1, 0), Difference("shops")])
    assert not tried.is_published
    assert (await versions_in_force(city), await versions_stored(city)) == ({}, 0)
    assert (await publish_csv(city, BOOK, file, **given)).version == 1  # the same command, now in earnest


async def test_of_two_people_at_once_one_publishes_and_nothing_of_theirs_is_lost(city: City) -> None:
    def one(number: int) -> Any:
        return send(city, client_id=f"client-{number}", **{
            "prices" if number % 2 else "shops": "name,price\ntea,8\n" if number % 2 else "name\nMa\n"
        })  # fmt: skip

    answers = await asyncio.gather(*(one(number) for number in range(8)), return_exceptions=True)
    published = [answer for answer in answers if isinstance(answer, Published)]
    refused = [answer for answer in answers if isinstance(answer, CityProblem)]
    assert len(published) + len(refused) == 8 and published
    assert {problem.code for problem in refused} <= {"RULES_CHANGED"}
    assert all(problem.kind.retryable for problem in refused)
    # Those that came too late are gone without a trace, and can be sent again as they were.
    assert await versions_stored(city) == len(published)
    for number, answer in enumerate(answers):
        if isinstance(answer, CityProblem):
            await one(number)
    content = await content_of(city, BOOK, (await versions_in_force(city))["market"])
    assert content == {"prices": [{"name": "tea", "price": 8}], "shops": [{"name": "Ma", "street": ""}]}
    assert await versions_stored(city) == 8


async def test_the_same_command_twice_at_once_is_published_once(city: City) -> None:
    answers = await asyncio.gather(*(
        send(city, client_id="client-1", prices="name,price\ntea,8\n") for _ in range(6)
    ))  # fmt: skip
    assert {answer.version for answer in answers} == {1}
    assert (await versions_in_force(city), await versions_stored(city)) == ({"market": 1}, 1)


async def test_whoever_edited_an_old_version_is_told_so(city: City) -> None:
    await send(city, prices="name,price\ntea,8\n")
    await send(city, prices="name,price\ntea,9\n")
    with pytest.raises(CityProblem) as refusal:
        await publish_csv(
            city, BOOK, {"prices": "name,price\ntea,7\n"}, by="keeper", client_id=new_id(), input_hash="x",
            based_on=1,
        )  # fmt: skip
    assert (refusal.value.code, refusal.value.allowed) == ("RULES_CHANGED", "version 2, now in force")
    assert await prices(city) == (2, {"tea": 9})


async def _die_in_between(city: City, client_id: str) -> None:
    """Leave what a process leaves that was killed after writing the version, before putting it in force."""
    before = await city.database.rules_in_force.find_one({})
    await send(city, client_id=client_id, prices="name,price\ntea,8\n")
    await city.database.rules_in_force.delete_many({})
    if before is not None:
        await city.database.rules_in_force.insert_one(before)


async def test_a_version_written_but_not_put_in_force_is_put_there_by_its_repetition(city: City) -> None:
    await send(city, prices="name,price\nsalt,1\n")
    await _die_in_between(city, "client-1")
    assert await prices(city) == (1, {"salt": 1})
    assert (await send(city, client_id="client-1", prices="name,price\ntea,8\n")).version == 2
    assert await prices(city) == (2, {"tea": 8})
    assert await versions_stored(city) == 2


async def test_a_version_left_behind_does_not_come_back_over_a_newer_one(city: City) -> None:
    await _die_in_between(city, "client-1")
    await send(city, prices="name,price\nsalt,1\n")
    assert await prices(city) == (2, {"salt": 1})
    with pytest.raises(CityProblem) as refusal:
        await send(city, client_id="client-1", prices="name,price\ntea,8\n")
    assert refusal.value.code == "RULES_CHANGED"
    assert await prices(city) == (2, {"salt": 1})
    # Looked at again, the same command may be sent once more: now it stands on the newer version.
    assert (await send(city, client_id="client-1", prices="name,price\ntea,8\n")).version == 3


async def test_two_rulebooks_come_into_force_beside_each_other(city: City) -> None:
    other = Rulebook(name="other", tables=(SHOPS,), compile=lambda content: content)

    def send_other() -> Any:
        return publish(
            city, other, {"shops": [{"name": "Ma", "street": ""}]}, by="keeper", client_id="o", input_hash="o"
        )

    await asyncio.gather(send(city, prices="name,price\ntea,8\n"), send_other())
    assert await versions_in_force(city) == {"market": 1, "other": 1}


async def test_an_old_version_reads_a_column_that_it_did_not_know_as_blank(city: City) -> None:
    await send(city, shops="name\nMa\n")
    newer = Rulebook(
        name="market",
        tables=(PRICES, Table("shops", (*SHOPS.columns, text("owner", blank=None)), key=("name",))),
        compile=lambda content: content["shops"],
    )
    assert (await open_rules(city, newer)).rules == [{"name": "Ma", "street": "", "owner": None}]
