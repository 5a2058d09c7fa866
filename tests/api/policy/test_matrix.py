"""The matrix: whatever can be asked, as everybody, about own, foreign and missing objects, over real HTTP.

`matrix.csv` says what each is told: by questions, commands, commands that were queued, subscriptions and
routes. `fields.csv` says who is shown a value of which field by any of these. A field, a route or an actor
without a cell is a red build; `POLICY_MATRIX=write` writes both files anew, for somebody to read what changed
before it is kept.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from graphql import build_schema

from city_api.policy.rules import fields_of
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.policy.actors import ACTORS, DISABLED, NAMED_TO, NOBODY, SEERS, SEES, SIGNED_IN, is_named
from tests.api.policy.answers import Answers, Cell, the_schema
from tests.api.policy.asking import question_cells
from tests.api.policy.asking_commands import command_cells, queueable
from tests.api.policy.asking_routes import route_cells, routes_without_question
from tests.api.policy.asking_sockets import socket_cells
from tests.api.policy.matrix import Matrix, ask_everything, village_with_everything
from tests.api.policy.seeded import FOREIGN, MISSING, OWN, SECRET

_MATRIX, _FIELDS = (Path(__file__).with_name(name) for name in ("matrix.csv", "fields.csv"))
_EVERYBODY, _ALL_SIGNED_IN = "EVERYBODY", "SIGNED_IN"


@pytest.fixture(scope="module")
async def matrix(
    mongod: EmbeddedMongod, redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Matrix]:
    """Everything that everybody is told; asked once, of a city that has set all up."""
    folder = tmp_path_factory.mktemp("matrix")
    async with village_with_everything(mongod, redis_server, folder) as api:
        matrix = await ask_everything(api)
        if os.environ.get("POLICY_MATRIX") == "write":
            _write(matrix.answers)
        yield matrix


async def test_every_cell_is_filled_and_no_other(matrix: Matrix) -> None:
    wanted = question_cells() | command_cells() | socket_cells() | route_cells(matrix.ids)
    assert wanted == set(matrix.answers.outcome) == set(_expected())
    assert routes_without_question(matrix.ids) == set()


async def test_everybody_is_told_what_the_matrix_says(matrix: Matrix) -> None:
    expected = _expected()
    told = matrix.answers.outcome.items()
    assert {cell: outcome for cell, outcome in told if expected.get(cell) != outcome} == {}


async def test_every_field_is_asked_for_and_shown_to_whom_its_cell_says(matrix: Matrix) -> None:
    fields, cells = fields_of(the_schema()), _shown()
    assert set(fields) - matrix.answers.asked == set()
    assert set(fields) ^ set(cells) == set()
    shown = {field: _named(matrix.answers.shown.get(field, set())) for field in fields}
    assert {field: who for field, who in shown.items() if cells[field] != who} == {}


def test_a_field_that_is_added_has_no_cell() -> None:
    grown = build_schema("type Query { case: Case } type Case { id: ID, version: Int, homeAddress: String }")
    assert set(fields_of(grown)) - set(_shown()) == {("Case", "homeAddress")}


async def test_the_rule_of_a_root_field_is_what_happens(matrix: Matrix) -> None:
    """Whoever a rule does not name is refused alike whatever they ask about; whoever it names is let in."""
    for (asked, whose, who), told in matrix.answers.outcome.items():
        root, _, name = asked.partition(".")
        if root not in ("Query", "Mutation", "Subscription") or is_named(root, name, who):
            continue
        refusal = "SIGN_IN_REQUIRED" if who in (NOBODY, DISABLED) else "NOT_ALLOWED(role)"
        assert told == refusal, (asked, whose, who)


async def test_what_is_not_theirs_looks_like_what_is_not_there(matrix: Matrix) -> None:
    """The same status, the same codes, the same words: for everybody, by every way."""
    words, compared = matrix.answers.words, 0
    for asked, whose, who in words:
        kind = matrix.answers.kinds.get(asked)
        if kind is None or whose == MISSING or who in SEES[kind].get(whose, ()):
            continue
        compared += 1
        assert words[asked, whose, who] == words[asked, MISSING, who], (asked, whose, who)
    assert compared > 600


async def test_a_queued_command_is_refused_as_the_command_itself(matrix: Matrix) -> None:
    told, compared = matrix.answers.outcome, 0
    for name in queueable():
        for whose in (FOREIGN, MISSING):
            for who in ACTORS:
                queued = told.get((f"Queued.{name}", whose, who))
                if queued is None:
                    continue
                if queued == "APPLIED":
                    assert who in SEES[matrix.answers.kinds[f"Queued.{name}"]].get(whose, ())
                elif is_named("Mutation", name, who):
                    compared += 1
                    by_itself = told[f"Mutation.{name}", whose, who]
                    assert queued == by_itself, (name, whose, who)
                else:
                    assert queued == "NOT_ALLOWED(role)", (name, whose, who)
    assert compared > 70


async def test_what_is_theirs_is_theirs_to_act_on(matrix: Matrix) -> None:
    """Of every command on an object some post is told that it is done."""
    told = matrix.answers.outcome
    commands = {asked for asked, whose, _ in told if asked.startswith("Mutation.") and whose == OWN}
    done = {asked for (asked, whose, _), one in told.items() if whose == OWN and one == "done"}
    assert commands - done == set()


async def test_no_way_tells_a_secret_of_another_street(matrix: Matrix) -> None:
    told: dict[str, set[str]] = {}
    for (asked, _, who), words in matrix.answers.words.items():
        for kind in set(re.findall(rf"{SECRET}_([A-Z]+)", words)):
            told.setdefault(kind, set()).add(who)
            assert who in SEERS[kind], (asked, who, kind)
    assert {kind for kind, seers in SEERS.items() if seers} == set(told)


async def test_no_way_names_what_is_in_another_street(matrix: Matrix) -> None:
    """Not even by its id; codes of places hang there for everybody to read."""
    compared = 0
    for kind, objects in matrix.ids.items():
        if kind not in SEES or FOREIGN not in objects or kind.endswith("Code"):
            continue
        sees = SEES[kind][FOREIGN] | NAMED_TO.get(kind, set())
        for (asked, whose, who), words in matrix.answers.words.items():
            if who not in sees:
                compared += 1
                assert objects[FOREIGN] not in words, (kind, asked, whose, who)
    assert compared > 10_000


def _expected() -> dict[Cell, str]:
    with _MATRIX.open(encoding="utf-8", newline="") as file:
        return {
            (row["asked"], row["object"], who): row[who]
            for row in csv.DictReader(file)
            for who in ACTORS
            if row[who]
        }


def _shown() -> dict[tuple[str, str], str]:
    with _FIELDS.open(encoding="utf-8", newline="") as file:
        return {(row["type"], row["field"]): row["shown_to"] for row in csv.DictReader(file)}


def _named(who: set[str]) -> str:
    """Write a group of people as a cell."""
    words = [one for one in ACTORS if one in who]
    for group, name in ((ACTORS, _EVERYBODY), (SIGNED_IN, _ALL_SIGNED_IN)):
        if set(group) <= who:
            words = [name, *(one for one in words if one not in group)]
    return " ".join(words)


def _write(answers: Answers) -> None:
    with _MATRIX.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("asked", "object", *ACTORS))
        for asked, whose in dict.fromkeys((asked, whose) for asked, whose, _ in answers.outcome):
            table.writerow((asked, whose, *(answers.outcome.get((asked, whose, who), "") for who in ACTORS)))
    with _FIELDS.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("type", "field", "shown_to"))
        for field in fields_of(the_schema()):
            table.writerow((*field, _named(answers.shown.get(field, set()))))
