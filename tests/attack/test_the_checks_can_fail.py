"""The checks find what is open: on a server where everything is, and in answers that tell too much."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.support import running
from tests.attack import cop
from tests.attack.findings import Report
from tests.attack.judging import Heard, fault_of
from tests.attack.open_app import open_app
from tests.attack.reused import cases_of


@pytest.fixture(scope="module")
async def open_target() -> AsyncIterator[cop.Target]:
    async with (
        running(open_app()) as address,
        httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as http,
    ):
        yield cop.Target(http)


@pytest.mark.parametrize("check", cop.CHECKS)
async def test_the_cop_finds_what_is_open(open_target: cop.Target, check: str) -> None:
    assert await cop.CHECKS[check](open_target) is not None


async def test_a_failure_of_an_open_server_is_judged(open_target: cop.Target) -> None:
    sent = '{ case(id: "a.b") }'
    answer = await open_target.post(sent)
    assert "cannot read" in answer.text
    assert (fault_of(Heard.of(answer, 0), sent) or "").startswith(
        "number of a phone in an error (19905330000)"
    )


_ERROR = '{"errors": [{"message": "%s", "extensions": {"code": "X"}}]}'
_PROBLEM = '{"data": {"do": {"__typename": "Problem", "code": "X", "message": "m", "allowed": "%s"}}}'


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (Heard(503, "{}"), "status 503"),
        (Heard(200, "{}", 5.1), "answered after 5.1 s"),
        (Heard(500, "<html>"), "status 500"),
        (Heard(200, '{"errors": [{"message": "m", "extensions": {"code": "UNEXPECTED"}}]}'), "unexpected"),
        (Heard(400, '{"code": "UNEXPECTED", "message": "m"}'), "unexpected"),
        (Heard(200, _ERROR % "Traceback (most recent call last)"), "words from inside"),
        (Heard(200, _ERROR % "KeyError: 'x'"), "words from inside"),
        (Heard(404, "in city_core/cases/read.py line 3"), "words from inside"),
        (Heard(200, _ERROR % "13800138000 has it"), "number of a phone"),
        (Heard(200, _PROBLEM % ("ab" * 16)), "id in an error"),
        (Heard(200, _PROBLEM % "SECRET_NAME"), "a secret"),
        (Heard(200, '{"data": {"case": {"description": "SECRET_CASE"}}}'), "a secret"),
    ],
)
def test_an_answer_that_tells_too_much_is_judged(heard: Heard, said: str) -> None:
    assert (fault_of(heard, "", sees_secrets=False) or "").startswith(said)


@pytest.mark.parametrize(
    "words",
    [
        '{"data": {"case": null}}',
        _ERROR % "13800138000",
        _PROBLEM % ("cd" * 16),
        '{"data": {"name": "KeyError"}}',
    ],
)
def test_what_repeats_what_it_was_sent_is_no_finding(words: str) -> None:
    assert fault_of(Heard(200, words), "13800138000 " + "cd" * 16, sees_secrets=False) is None


def test_the_table_says_where_it_was_clean_and_where_not() -> None:
    report = Report()
    report.note("doors", "citizen", None)
    report.note("doors", "leader", "one is open")
    report.note("doors", "leader", None)
    assert report.table(("citizen", "leader", "auditor")).splitlines() == [
        "       citizen  leader  auditor",
        "doors  clean    FOUND 1",
    ]
    assert report.findings == ["doors / leader: one is open"]


def test_every_case_of_a_test_is_made_again() -> None:
    @pytest.mark.parametrize("one", [1, 2])
    @pytest.mark.parametrize(("a", "b"), [("x", "y")])
    def test(one: int, a: str, b: str) -> None: ...

    assert list(cases_of(test)) == [{"a": "x", "b": "y", "one": 1}, {"a": "x", "b": "y", "one": 2}]
