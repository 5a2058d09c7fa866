"""The commands that a phone may queue while it is offline, by their names in the contract."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from city_core.cases.accept import accept_task
from city_core.cases.add_photos import add_photos
from city_core.cases.answer_question import answer_question
from city_core.cases.ask_reporter import ask_reporter
from city_core.cases.cancel import cancel_report
from city_core.cases.check import check_case
from city_core.cases.command import Command
from city_core.cases.confirm_supervision import confirm_supervision
from city_core.cases.duplicates.join import join_case
from city_core.cases.joint.answer_as_assistant import answer_as_assistant
from city_core.cases.levels.upgrade import upgrade_case
from city_core.cases.rate import rate_case
from city_core.cases.report_handled import report_handled
from city_core.cases.requests.appeal_case import appeal_case
from city_core.cases.requests.request_extension import request_extension
from city_core.cases.requests.request_suspension import request_suspension
from city_core.cases.requests.withdraw_request import withdraw_request
from city_core.cases.return_task import return_task
from city_core.cases.submit import ReportDraft, submit_report
from city_core.cases.submit_handled import submit_handled_report
from city_core.cases.verify import verify_report
from city_core.census import given as census
from city_core.census.campaigns.tasks import assign_census_task, finish_census_task
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.notify.acknowledge import acknowledge_message
from city_core.notify.acknowledgement import Acknowledgement
from city_core.notify.read import mark_read
from city_core.people.end_absence import end_absence
from city_core.people.roles import ADMINISTRATION, Actor, Role
from city_core.people.set_absence import set_absence
from city_core.signs.at_sign import at_sign

Run = Callable[[City, Actor, Command, Mapping[str, Any]], Awaitable[Row]]


@dataclass(frozen=True)
class Queueable:
    """A command that a phone may queue, and the posts it is for: those whom the API lets give it at once."""

    run: Run
    posts: frozenset[Role]

    async def __call__(self, city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
        if actor.role not in self.posts:
            raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(self.posts)))
        return await self.run(city, actor, command, given)


def _on_case(use_case: Any) -> Run:
    async def run(city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
        details = {name: value for name, value in given.items() if name != "case_id"}
        case: Row = await use_case(city, actor, given["case_id"], command, **details)
        return case

    return run


async def _submit(city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
    return await submit_report(city, actor, command, await at_sign(city, _draft(given)))


async def _submit_handled(city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
    after = {"handled_media_ids": given["handled_media_ids"], "handled_photos": given.get("handled_photos")}
    draft = await at_sign(city, _draft(given))
    return await submit_handled_report(city, actor, command, draft, **after)


async def _join(city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
    return await join_case(city, actor, command, **given)


async def _mark_read(city: City, actor: Actor, _: Command, given: Mapping[str, Any]) -> Row:
    return await mark_read(city, actor, given["message_id"])


async def _acknowledge(city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
    return await acknowledge_message(
        city,
        actor,
        given["message_id"],
        Acknowledgement(given["state"]),
        reason=given["reason"],
        device_time=command.device_time,
        client_id=command.client_id,
    )


async def _set_absence(city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
    return await set_absence(city, actor, command.client_id, **given)


async def _end_absence(city: City, actor: Actor, _: Command, given: Mapping[str, Any]) -> Row:
    return await end_absence(city, actor, given["absence_id"])


async def _assign_census_task(city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
    return (await assign_census_task(city, actor, command, **given)).row()


async def _finish_census_task(city: City, actor: Actor, command: Command, given: Mapping[str, Any]) -> Row:
    return (await finish_census_task(city, actor, command, **given)).row()


def _draft(given: Mapping[str, Any]) -> ReportDraft:
    point = given["point"]
    return ReportDraft(
        type_code=given["type_code"],
        condition_id=given["condition_id"],
        description=given["description"],
        lng=point["lng"],
        lat=point["lat"],
        datum=point["datum"],
        accuracy_m=point["accuracy_m"],
        address=given["address"],
        media_ids=list(given["media_ids"]),
        component_code=given["component_code"],
        photos=given.get("photos"),
        point_source=point.get("source"),
        sign_code=given.get("sign_code"),
    )


_ACCEPTOR = frozenset({Role.ACCEPTOR})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_CITIZEN = frozenset({Role.CITIZEN})
_DISPATCHER = frozenset({Role.DISPATCHER})
_INSPECTOR = frozenset({Role.INSPECTOR})
_LEADER = frozenset({Role.LEADER})
_OFFICER = frozenset({Role.OFFICER})
_SHIFT_LEADER = frozenset({Role.SHIFT_LEADER})
_ANYBODY = frozenset(Role) - {Role.SYSTEM}
_WORKERS = _ANYBODY - {Role.CITIZEN} - ADMINISTRATION

QUEUEABLE: Mapping[str, Queueable] = {
    "submit_report": Queueable(_submit, _CITIZEN | _INSPECTOR),
    "submit_handled_report": Queueable(_submit_handled, _INSPECTOR),
    "join_case": Queueable(_join, _CITIZEN | _INSPECTOR),
    "add_photos": Queueable(_on_case(add_photos), _CITIZEN | _INSPECTOR | _OFFICER),
    "cancel_report": Queueable(_on_case(cancel_report), _CITIZEN | _INSPECTOR),
    "answer_question": Queueable(_on_case(answer_question), _CITIZEN | _INSPECTOR),
    "ask_reporter": Queueable(_on_case(ask_reporter), _ACCEPTOR | _SHIFT_LEADER | _INSPECTOR | _OFFICER),
    "rate_case": Queueable(_on_case(rate_case), _CITIZEN),
    "verify_report": Queueable(_on_case(verify_report), _INSPECTOR),
    "check_case": Queueable(_on_case(check_case), _INSPECTOR),
    "accept_task": Queueable(_on_case(accept_task), _OFFICER),
    "return_task": Queueable(_on_case(return_task), _OFFICER),
    "report_handled": Queueable(_on_case(report_handled), _OFFICER),
    "answer_as_assistant": Queueable(_on_case(answer_as_assistant), _OFFICER),
    "request_extension": Queueable(_on_case(request_extension), _OFFICER),
    "request_suspension": Queueable(_on_case(request_suspension), _OFFICER | _DISPATCHER),
    "withdraw_request": Queueable(_on_case(withdraw_request), _WORKERS),
    "appeal_case": Queueable(_on_case(appeal_case), _OFFICER),
    "upgrade_case": Queueable(_on_case(upgrade_case), _OFFICER | _DISPATCHER | _SHIFT_LEADER | _LEADER),
    "confirm_supervision": Queueable(_on_case(confirm_supervision), _WORKERS),
    "mark_read": Queueable(_mark_read, _ANYBODY),
    "acknowledge_message": Queueable(_acknowledge, _ANYBODY),
    "set_absence": Queueable(_set_absence, _WORKERS),
    "end_absence": Queueable(_end_absence, _WORKERS),
    "add_component": Queueable(census.add, _INSPECTOR | _ADMINISTRATOR),
    "move_component": Queueable(census.move, _INSPECTOR | _ADMINISTRATOR),
    "change_component": Queueable(census.change, _INSPECTOR | _ADMINISTRATOR),
    "retire_component": Queueable(census.retire, _INSPECTOR | _ADMINISTRATOR),
    "check_component": Queueable(census.check, _INSPECTOR | _ADMINISTRATOR),
    "assign_census_task": Queueable(_assign_census_task, _INSPECTOR | _LEADER | _ADMINISTRATOR),
    "finish_census_task": Queueable(_finish_census_task, _INSPECTOR),
}
