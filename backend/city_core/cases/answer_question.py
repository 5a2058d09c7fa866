"""Whoever reported a case answers what they were asked (反映人答复)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.questions import open_question
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor


async def answer_question(city: City, actor: Actor, case_id: str, command: Command, *, text: str) -> Row:
    """Answer the latest question about one's own report; whoever asked it is told."""
    said = checked_text(text, field="text", most=1000, least=1)

    async def decide(case: Row) -> Step:
        question = open_question(case, actor.person_id)
        if question is None:
            raise CityProblem("QUESTION_UNKNOWN", allowed="a case with a question to you that is still open")
        told = [Notice(question["person_id"], NoticeKind.QUESTION_ANSWERED)]
        return Step(opinion=said, facts={"question_seq": question["seq"]}, tells=told)

    mark = input_hash("answer_question", {"text": said})
    return await change_case(city, actor, case_id, Action.ANSWER_QUESTION, decide, command=command, mark=mark)
