"""Cases that are somebody's own to act on: a fresh one for each command, where its step is possible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from city_core.cases.command import Command
from city_core.cases.duplicates.merging import merged, taken_in
from city_core.cases.file import file_case
from city_core.cases.triage import triage_report
from city_core.kit.ids import new_id
from city_core.kit.waking import Wake
from city_core.kit.work import claim
from tests.api.policy.seeded_steps import question
from tests.api.support import Api, new_uuid

_STATES = {
    "verifyReport": "PENDING_VERIFICATION", "fileCase": "PENDING_FILING", "rejectReport": "PENDING_FILING",
    "cancelReport": "REPORTED", "dispatchCase": "FILED", "splitCase": "FILED", "downgradeCase": "FILED",
    "reportHandled": "IN_PROGRESS", "checkCase": "PENDING_CHECK", "closeCase": "PENDING_CLOSING",
    "sendBack": "PENDING_CLOSING", "sendBackParts": "PENDING_CLOSING", "rateCase": "CLOSED",
    "appealCase": "CLOSED", "decideAppeal": "CLOSED", "decideDepartment": "PENDING_DECISION",
    "resumeCase": "SUSPENDED", "reviewSpot": "PENDING_SPOT_REVIEW", "unmergeCase": "MERGED",
    "returnToAcceptor": "FILED",
}  # fmt: skip
_TASKS = {
    "verifyReport": ("VERIFY", "inspector-1"), "checkCase": ("CHECK", "inspector-1"),
    "decideDepartment": ("DECIDE", "leader-of-street"),
}  # fmt: skip
_REQUESTS = {
    "decideExtension": ("EXTENSION", "officer-1"), "decideSuspension": ("SUSPENSION", "officer-1"),
    "decideVoid": ("VOID", "dispatcher-1"), "decideForcedClose": ("FORCED_CLOSE", "leader-of-shift"),
    "decideAppeal": ("APPEAL", "officer-1"), "withdrawRequest": ("EXTENSION", "officer-1"),
}  # fmt: skip
_POSTS_THAT_ASK = {"officer-1": "OFFICER", "dispatcher-1": "DISPATCHER", "leader-of-shift": "SHIFT_LEADER"}


_SUPERVISION = "supervision-1"
_ASSISTANT = {
    "department_id": "sanitation", "asked": "协助", "answered_at": None, "answered_by": None, "answer": "",
}  # fmt: skip


@dataclass
class OwnCases:
    """Copies of a case of the village, at its department and in the hands of officer-1."""

    api: Api
    pattern: dict[str, Any]

    @classmethod
    async def begin(cls, api: Api) -> OwnCases:
        """File an inspector's report, as it needs no verification: as a citizen's it is the pattern."""
        reported = await api.report("inspector-2")
        wake = Wake("triage", "cases", reported["_id"], "triage", api.city.clock.now())
        held = await claim(api.city, wake)
        assert held is not None and await triage_report(api.city, reported["_id"], held)
        command = Command(new_uuid(), None, "phone:test")
        filed = await file_case(api.city, api.people["leader-of-shift"], reported["_id"], command)
        facts = {"supervisions": [_SUPERVISION]}
        filed["history"][0] |= {"facts": facts, "person_id": "citizen-1", "role": "CITIZEN"}
        return cls(api, {**filed, "reporter_id": "citizen-1", "source": "CITIZEN"})

    async def one_for(self, command: str) -> dict[str, Any]:
        """Make the case of one command; answers what the command's input has to name."""
        case, other = self._case(command), self._case(command)
        given: dict[str, Any] = {
            "caseId": case["_id"], "requestId": "request-1", "supervisionId": _SUPERVISION,
        }  # fmt: skip
        if command == "mergeCases":
            given["intoCaseId"] = other["_id"]
        elif command == "sendBackParts":
            case["child_ids"], other["parent_id"] = [other["_id"]], case["_id"]
            given["partIds"] = [other["_id"]]
        elif command == "unmergeCase":
            other["state"] = "DISPATCHED"
            before = {**case, "state": "DISPATCHED"}
            case |= merged(before, other["_id"])[0]
            other |= taken_in(other, before)
        await self.api.city.database.cases.insert_many([case, other])
        return given

    async def of_another(self, reporter_id: str) -> str:
        """Make a case that somebody else than the one reporter of all others reported; answers its id."""
        first = {**self.pattern["history"][0], "person_id": reporter_id}
        case = {
            **self._case("joinCase"), "reporter_id": reporter_id, "people_involved": [reporter_id],
            "history": [first, *self.pattern["history"][1:]],
        }  # fmt: skip
        await self.api.city.database.cases.insert_one(case)
        return str(case["_id"])

    def _case(self, command: str) -> dict[str, Any]:
        now = self.api.city.clock.now()
        kind, assignee = _TASKS.get(command, ("HANDLE", "officer-1"))
        task = {
            "kind": kind, "seq": 1, "assignee_id": assignee, "department_id": "sanitation",
            "assigned_at": now, "accepted_at": None,
        }  # fmt: skip
        case = {
            **self.pattern, "_id": new_id(), "number": new_uuid(), "client_id": new_uuid(), "work": [],
            "state": _STATES.get(command, "DISPATCHED"), "task": task, "department_id": "sanitation",
            "people_involved": ["citizen-1", "officer-1"], "deadline_at": now + timedelta(days=9),
            "handler_id": "officer-1",
            "suspended_from": "DISPATCHED", "suspended_task": task, "closed_at": now, "photos": [],
            "supervisions": [
                {"id": _SUPERVISION, "kind": "SUPERVISE", "by": "leader-of-street", "at": now,
                 "to_person_id": "officer-1", "text": "抓紧", "confirmed_at": None},
            ],
        }  # fmt: skip
        if command in _REQUESTS:
            kind, asker = _REQUESTS[command]
            case["requests"] = [{
                "id": "request-1", "kind": kind, "asked_by": asker, "asked_role": _POSTS_THAT_ASK[asker],
                "department_id": "sanitation", "asked_at": now, "reason": "据实", "value": 1,
                "unit": "work_day", "until": now + timedelta(days=2), "state": "PENDING", "reviews": [],
            }]  # fmt: skip
        if command in ("reassignAssistant", "removeAssistant", "answerAsAssistant"):
            case |= {"department_id": "far", "assisting_department_ids": ["sanitation"]}
            case["assistants"] = [{**_ASSISTANT, "asked_at": now, "assignee_id": "officer-1"}]
        if command == "upgradeCase":
            case["level"] = "STREET"
        if command == "answerQuestion":
            case["history"] = [*case["history"], question("citizen-1", "officer-1", "请说明", case, now)]
        return case
