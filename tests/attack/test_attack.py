"""A short attack: every check as some, and a sample of the generated ones; the whole is `make attack`."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.attack.drawing import Examples
from tests.attack.findings import Report
from tests.attack.generated import attack_with_documents
from tests.attack.hostile import attack_with_variables
from tests.attack.rounds import attack_with_checks
from tests.attack.town import ACTORS, ANONYMOUS, EXPIRED, MACHINE, Town, open_town

SOME = (ANONYMOUS, MACHINE, "leader", EXPIRED, "citizen")
SEED = 7
PATIENCE_SECONDS = 30.0  # how long answers take is not measured beside other tests


@pytest.fixture(scope="module")
async def town(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Town]:
    async with open_town(mongod, redis_server, longest_seconds=PATIENCE_SECONDS) as opened:
        yield opened


@pytest.mark.parametrize(("kind", "actors"), [("cop", SOME), ("owasp", SOME), ("sockets", SOME[-2:])])
async def test_the_checks_find_nothing(town: Town, kind: str, actors: tuple[str, ...]) -> None:
    report = Report()
    await attack_with_checks(town, report, actors, kind)
    assert report.findings == []
    assert {actor for _, actor in report.cells} == set(actors)


async def test_generated_documents_find_nothing(town: Town) -> None:
    report = Report()
    await attack_with_documents(town, report, ("inspector", "administrator"), Examples(1, SEED, every=24))
    assert report.findings == []


async def test_hostile_variables_find_nothing(town: Town) -> None:
    report = Report()
    await attack_with_variables(town, report, ("inspector", "administrator"), Examples(1, SEED, every=24))
    assert report.findings == []


def test_everybody_attacks() -> None:
    assert len(ACTORS) == 16 and len(set(ACTORS)) == 16
