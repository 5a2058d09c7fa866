"""What a phone may queue while it is offline: each command reaches its use-case, for the posts it is for."""

from __future__ import annotations

from typing import Any

from strawberry.utils.str_converters import to_camel_case

from city_api.policy.rules import audience_of
from city_api.schema import city_schema
from city_core.commands.table import QUEUEABLE
from tests.api.support import Api, new_uuid
from tests.api.test_commands_over_graphql import queued, run
from tests.village import INSIDE

_POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 6.5}
_ON_CASE = {"caseId": "nowhere"}
_ON_COMPONENT = {"componentCode": "3703030102999999"}
_SAID = {**_ON_CASE, "opinion": "说明"}
_ASKED = {**_ON_CASE, "reason": "理由"}
_LATER = "2027-11-20T08:00:00+08:00"
_EVERY_COMMAND: dict[str, tuple[dict[str, Any], str | None]] = {
    "submitReport": ({"point": _POINT, "typeCode": "E0110"}, None),
    "submitHandledReport": ({"point": _POINT, "typeCode": "E0110"}, "PHOTO_REQUIRED"),
    "joinCase": ({"token": "made up"}, "HANDLE_INVALID"),
    "addPhotos": ({**_ON_CASE, "mediaIds": [new_uuid()]}, "CASE_NOT_FOUND"),
    "cancelReport": (_SAID, "CASE_NOT_FOUND"),
    "answerQuestion": ({**_ON_CASE, "text": "东侧"}, "CASE_NOT_FOUND"),
    "askReporter": ({**_ON_CASE, "text": "在哪一侧？"}, "CASE_NOT_FOUND"),
    "rateCase": ({**_ON_CASE, "stars": 5}, "CASE_NOT_FOUND"),
    "verifyReport": ({**_SAID, "finding": "EXISTS"}, "CASE_NOT_FOUND"),
    "checkCase": ({**_SAID, "passed": False}, "CASE_NOT_FOUND"),
    "acceptTask": (_ON_CASE, "CASE_NOT_FOUND"),
    "returnTask": (_SAID, "CASE_NOT_FOUND"),
    "reportHandled": ({**_SAID, "mediaIds": [new_uuid()]}, "CASE_NOT_FOUND"),
    "answerAsAssistant": ({**_SAID, "mediaIds": [new_uuid()]}, "CASE_NOT_FOUND"),
    "requestExtension": ({**_ASKED, "value": 2, "unit": None}, "CASE_NOT_FOUND"),
    "requestSuspension": ({**_ASKED, "until": _LATER}, "CASE_NOT_FOUND"),
    "withdrawRequest": ({**_SAID, "requestId": "none"}, "CASE_NOT_FOUND"),
    "appealCase": (_ASKED, "CASE_NOT_FOUND"),
    "upgradeCase": (_SAID, "CASE_NOT_FOUND"),
    "confirmSupervision": ({**_ON_CASE, "supervisionId": "none"}, "CASE_NOT_FOUND"),
    "markRead": ({"messageId": "none"}, "MESSAGE_UNKNOWN"),
    "acknowledgeMessage": ({"messageId": "none", "state": "READ"}, "MESSAGE_UNKNOWN"),
    "setAbsence": ({"startsAt": _LATER, "endsAt": "2027-11-21T08:00:00+08:00", "reason": "事假"}, None),
    "endAbsence": ({"absenceId": "none"}, "ABSENCE_UNKNOWN"),
    "addComponent": ({"typeCode": "C0102", "point": _POINT, "mediaIds": [new_uuid()]}, None),
    "moveComponent": ({**_ON_COMPONENT, "point": _POINT}, "COMPONENT_UNKNOWN"),
    "changeComponent": ({**_ON_COMPONENT, "state": "DAMAGED"}, "COMPONENT_UNKNOWN"),
    "retireComponent": ({**_ON_COMPONENT, "state": "REMOVED", "reason": "拆除"}, "COMPONENT_UNKNOWN"),
    "checkComponent": ({**_ON_COMPONENT, "state": "IN_USE"}, "COMPONENT_UNKNOWN"),
    "assignCensusTask": ({"campaignId": "none", "gridId": "none"}, "CAMPAIGN_UNKNOWN"),
    "finishCensusTask": ({"campaignId": "none", "gridId": "none"}, "CAMPAIGN_UNKNOWN"),
}


async def test_every_command_that_can_be_queued_reaches_its_use_case(api: Api) -> None:
    fields = city_schema(introspection=False)._schema.type_map["QueuedDoInput"].fields  # type: ignore[attr-defined]
    assert set(fields) == set(_EVERY_COMMAND)
    assert len(QUEUEABLE) == len(_EVERY_COMMAND)
    told: dict[str, str | None] = {}
    for who, app in (("officer-1", "officer"), ("inspector-1", "inspector"), ("citizen-1", "citizen")):
        rule = {name: audience_of("Mutation", name) for name in _EVERY_COMMAND if name not in told}
        names = [name for name, named in rule.items() if named is None or named.has(api.people[who])]
        batch = [
            queued(number, name, {"clientId": new_uuid(), **_EVERY_COMMAND[name][0]})
            for number, name in enumerate(names, 1)
        ]
        outcomes = await run(api, who, app, *batch)
        told |= {
            name: one["problem"] and one["problem"]["code"] for name, one in zip(names, outcomes, strict=True)
        }
    await api.city.database.absences.delete_many({})
    assert told == {name: code for name, (_, code) in _EVERY_COMMAND.items()}


def test_what_is_queued_is_for_the_posts_that_may_give_it_at_once() -> None:
    for name, queueable in QUEUEABLE.items():
        named = audience_of("Mutation", to_camel_case(name))
        assert named is not None and queueable.posts == named.posts, name
