"""The matrix: every root field, as everybody, about own, foreign and missing objects, over real HTTP.

`matrix.csv` says what each is told. A field or an actor without a cell is a red build; `POLICY_MATRIX=write`
writes the file anew, for somebody to read what changed before it is kept.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from city_api.policy.rules import field_rules
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.policy.asking import (
    ACTORS,
    DISABLED,
    NOBODY,
    Answers,
    ask_everything,
    cells,
    is_named,
)
from tests.api.policy.seeded import FOREIGN, MISSING, SECRET, seed
from tests.api.support import Api, hear, subscribe

_MATRIX = Path(__file__).with_name("matrix.csv")
_OF_SUBSCRIPTIONS = ("Subscription", "SyncHint")  # asked for over a connection, see below
_CASES_TOO = {"inspector-far", "leader-1"}
# Who may read which secret of the far street, by any way at all.
_NOT_OF_THE_STAFF = ("citizen-1", "citizen-2", "security-administrator-1", "auditor-1")
_SEERS = {
    "CASE": _CASES_TOO,
    "NAME": _CASES_TOO,
    "COMPONENT": set(ACTORS) - {"nobody", "disabled-1", *_NOT_OF_THE_STAFF},  # staff are told names near by
    "NOTE": _CASES_TOO | {"administrator-1"},
    "OWNER": _CASES_TOO | {"administrator-1"},
    "PERSON": _CASES_TOO,
    "SIGN": {"administrator-1"},
    "CAMPAIGN": _CASES_TOO | {"administrator-1"},
    "READING": {"leader-1", "administrator-1", "auditor-1"},
    "ABSENCE": _CASES_TOO,
}


@pytest.fixture(scope="module")
async def answers(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Answers]:
    """Everything that everybody is told; asked once."""
    async with served_village(mongod, redis_server, cost_scale=1_000) as api:
        found = await ask_everything(api, await seed(api))
        if os.environ.get("POLICY_MATRIX") == "write":
            _write(found)
        yield found


async def test_every_field_is_asked_for_and_every_cell_is_filled(answers: Answers) -> None:
    asked = {f"{type_}.{name}" for type_, name in answers.asked}
    fields = {f"{type_}.{name}" for type_, name in field_rules() if type_ not in _OF_SUBSCRIPTIONS}
    assert fields - asked == set()
    assert cells() == set(answers.outcome) == set(_expected())


async def test_everybody_is_told_what_the_matrix_says(answers: Answers) -> None:
    expected = _expected()
    assert {cell: told for cell, told in answers.outcome.items() if expected.get(cell) != told} == {}


async def test_the_rule_of_a_root_field_is_what_happens(answers: Answers) -> None:
    """Whoever a rule does not name is refused alike whatever they ask about; whoever it names is let in."""
    for (root, whose, who), told in answers.outcome.items():
        type_name, _, name = root.partition(".")
        if who in (NOBODY, DISABLED) and not is_named(type_name, name, who):
            assert told == "SIGN_IN_REQUIRED", (root, whose, who)
        elif not is_named(type_name, name, who):
            assert told == "NOT_ALLOWED(role)", (root, whose, who)


async def test_what_is_not_theirs_looks_like_what_is_not_there(answers: Answers) -> None:
    for (root, whose, who), told in answers.outcome.items():
        if whose == FOREIGN and told != "shown" and not _may_reach(answers, root, who):
            foreign, missing = (_without_ids(answers.words[root, one, who]) for one in (FOREIGN, MISSING))
            assert foreign == missing, (root, who)


async def test_no_way_tells_a_secret_of_another_street(answers: Answers) -> None:
    told: dict[str, set[str]] = {}
    for (root, _, who), words in answers.words.items():
        for kind in set(re.findall(rf"{SECRET}_([A-Z]+)", words)):
            told.setdefault(kind, set()).add(who)
            assert who in _SEERS[kind], (root, who, kind)
    assert told == {kind: told.get(kind) for kind in _SEERS if told.get(kind)} and len(told) >= 9


def _may_reach(answers: Answers, root: str, who: str) -> bool:
    """Tell whether the far object is theirs to act on, so that they are told more of it."""
    return (
        who in {"leader-1", "inspector-far", "administrator-1"} and answers.outcome[root, FOREIGN, who] != ""
    )


def _without_ids(words: str) -> str:
    return re.sub(r'"reference": ?"[^"]*"', "", words)


def _expected() -> dict[tuple[str, str, str], str]:
    with _MATRIX.open(encoding="utf-8", newline="") as file:
        return {
            (row["root"], row["object"], who): row[who]
            for row in csv.DictReader(file)
            for who in ACTORS
            if row[who]
        }


def _write(answers: Answers) -> None:
    with _MATRIX.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("root", "object", *ACTORS))
        for root, whose in dict.fromkeys((root, whose) for root, whose, _ in answers.outcome):
            table.writerow((root, whose, *(answers.outcome.get((root, whose, who), "") for who in ACTORS)))


async def test_what_is_looked_on_at_has_its_rule_too(api: Api) -> None:
    """Over a connection another post is refused; a foreign case looks like one that is not there."""
    case = await api.report()
    changed = "subscription { caseChanged(id: %s) { id state } }"
    hints = "subscription { syncHints(scopes: [MY_REPORTS]) { scope seq } }"
    for who in ("security-administrator-1", "auditor-1"):
        for query in (changed % f'"{case["_id"]}"', changed % '"x"', hints):
            assert await _refused(api, who, query) == "NOT_ALLOWED", (who, query)
    foreign, missing = [
        await _refused(api, "citizen-2", changed % f'"{key}"') for key in (case["_id"], "0" * 32)
    ]
    assert foreign == missing == "CASE_NOT_FOUND"


async def _refused(api: Api, who: str, query: str) -> str:
    async with api.phone(who) as phone:
        await subscribe(phone, query)
        message = await hear(phone)
    payload = message["payload"]
    errors = payload if isinstance(payload, list) else payload["errors"]
    return str(errors[0]["extensions"]["code"])
