"""Questions to whoever reported a case, and their answers."""

from __future__ import annotations

import pytest

from city_core.cases.answer_question import answer_question
from city_core.cases.ask_reporter import ask_reporter
from city_core.cases.cancel import cancel_report
from city_core.cases.questions import open_question
from city_core.cases.submit import submit_report
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.policy.parts_of_cases import sees_step
from tests.integration.cases.support import DRAFT, People, command, do_all_work, stored, told


async def test_a_seat_asks_and_the_reporter_answers(city: City, people: People) -> None:
    case = await submit_report(city, people["citizen-1"], command(), DRAFT)
    once = command()
    await ask_reporter(city, people["acceptor-1"], case["_id"], once, text="在路的哪一侧？")
    asked = await ask_reporter(city, people["acceptor-1"], case["_id"], once, text="在路的哪一侧？")
    assert (open_question(asked, "citizen-1") or {})["opinion"] == "在路的哪一侧？"
    assert (asked["state"], asked["version"]) == (case["state"], 2)
    await do_all_work(city)
    assert await told(city, "citizen-1", "QUESTION_ASKED", case) == 1

    await answer_question(city, people["citizen-1"], case["_id"], command(), text="东侧")
    await do_all_work(city)
    after = await stored(city, case)
    assert open_question(after, "citizen-1") is None
    assert await told(city, "acceptor-1", "QUESTION_ANSWERED", case) == 1
    with pytest.raises(CityProblem, match="QUESTION_UNKNOWN"):
        await answer_question(city, people["citizen-1"], case["_id"], command(), text="再答")


async def test_only_the_reporter_among_the_citizens_reads_question_and_answer(
    city: City, people: People
) -> None:
    case = await submit_report(city, people["citizen-1"], command(), DRAFT)
    await ask_reporter(city, people["inspector-1"], case["_id"], command(), text="还在吗？")
    after = await answer_question(city, people["citizen-1"], case["_id"], command(), text="还在")
    talk = after["history"][1:]
    assert [sees_step(people["citizen-1"], step) for step in talk] == [True, True]
    assert [sees_step(people["citizen-2"], step) for step in talk] == [False, False]
    assert [sees_step(people["officer-1"], step) for step in talk] == [True, True]
    assert all(step["receiver_id"] is None for step in talk)  # nothing that would tell who reported


async def test_what_cannot_be_asked_or_answered(city: City, people: People) -> None:
    case = await submit_report(city, people["citizen-1"], command(), DRAFT)
    with pytest.raises(CityProblem, match="TEXT_INVALID"):
        await ask_reporter(city, people["acceptor-1"], case["_id"], command(), text=" ")
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await ask_reporter(city, people["citizen-1"], case["_id"], command(), text="我？")
    with pytest.raises(CityProblem, match="CASE_NOT_FOUND"):
        await answer_question(city, people["citizen-2"], case["_id"], command(), text="东侧")
    own = await submit_report(city, people["inspector-1"], command(), DRAFT)
    with pytest.raises(CityProblem, match="OWN_REPORT"):
        await ask_reporter(city, people["inspector-1"], own["_id"], command(), text="我？")
    await ask_reporter(city, people["acceptor-1"], case["_id"], command(), text="在吗？")
    await cancel_report(city, people["citizen-1"], case["_id"], command(), opinion="误报")
    with pytest.raises(CityProblem, match="STEP_NOT_POSSIBLE"):
        await answer_question(city, people["citizen-1"], case["_id"], command(), text="不在")
