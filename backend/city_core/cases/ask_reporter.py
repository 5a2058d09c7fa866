"""Whoever works on a case asks the person who reported it (询问反映人)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor


async def ask_reporter(city: City, actor: Actor, case_id: str, command: Command, *, text: str) -> Row:
    """Ask the first reporter of a case something; who that is stays unknown to whoever asks."""
    said = checked_text(text, field="text", most=500, least=1)

    async def decide(case: Row) -> Step:
        reporter_id = case["reporter_id"]
        if case["source"] == "MACHINE":
            raise CityProblem("NOT_ALLOWED", field="caseId", allowed="a case that a person reported")
        if reporter_id == actor.person_id:
            raise CityProblem("OWN_REPORT", allowed="a case that somebody else reported")
        told = [Notice(reporter_id, NoticeKind.QUESTION_ASKED)]
        return Step(opinion=said, facts={"asked_id": reporter_id}, tells=told)

    mark = input_hash("ask_reporter", {"text": said})
    return await change_case(city, actor, case_id, Action.ASK_REPORTER, decide, command=command, mark=mark)
