"""A seat in the centre: acceptor 受理员, shift leader 值班长, dispatcher 派遣员, or a leader who looks on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from city_demo.phones.phone import Phone, fresh_id


class Seat(Phone):
    """A screen in the centre."""

    app = "seat"
    platform = "web"

    async def case(self, case_id: str) -> dict[str, Any] | None:
        """Look at one case with all that a seat sees of it; nothing when it is not theirs to see."""
        # Several operations of a seat ask for a case; the map's, which comes last, shows little of it.
        found: dict[str, Any] | None = await self.ask("CaseWithHistory", {"id": case_id})
        return found

    async def cases(self, *, first: int = 20, after: str | None = None, **wanted: Any) -> dict[str, Any]:
        """List a page of cases, newest first; `states=["PENDING_FILING"]` narrows it down."""
        return dict(await self.ask("cases", {"filter": wanted or None, "first": first, "after": after}))

    async def nearest(self, point: tuple[float, float], first: int = 20) -> list[dict[str, Any]]:
        """List the open cases nearest to a point (WGS-84 degrees)."""
        return list(
            await self.ask("nearestCases", {"point": {"lng": point[0], "lat": point[1]}, "first": first})
        )

    async def communities(self) -> list[str]:
        """List the codes of all communities of the district."""
        districts = await self.ask("divisions", {})
        streets = [row for top in districts for row in await self.ask("divisions", {"parent": top["code"]})]
        below = [await self.ask("divisions", {"parent": street["code"]}) for street in streets]
        return [row["code"] for rows in below for row in rows]

    async def file(
        self,
        case_id: str,
        *,
        type_code: str | None = None,
        condition_id: str | None = None,
        opinion: str = "",
    ) -> dict[str, Any]:
        """File a report as a case, under the type given or the one that it has."""
        details = {"typeCode": type_code, "conditionId": condition_id, "opinion": opinion}
        return await self.step("fileCase", case_id, **details)

    async def reject(self, case_id: str, opinion: str) -> dict[str, Any]:
        """Decide not to file a report."""
        return await self.step("rejectReport", case_id, opinion=opinion)

    async def dispatch(
        self,
        case_id: str,
        *,
        department_id: str | None = None,
        officer_id: str | None = None,
        opinion: str = "",
    ) -> dict[str, Any]:
        """Dispatch a case by hand."""
        details = {"departmentId": department_id, "officerId": officer_id, "opinion": opinion}
        return await self.step("dispatchCase", case_id, **details)

    async def send_back(self, case_id: str, opinion: str) -> dict[str, Any]:
        """Have a checked case handled again."""
        return await self.step("sendBack", case_id, opinion=opinion)

    async def close_case(self, case_id: str, opinion: str = "") -> dict[str, Any]:
        """Close a case that passed its check."""
        return await self.step("closeCase", case_id, opinion=opinion)

    async def grant_time(self, case_id: str, request_id: str, opinion: str) -> dict[str, Any]:
        """Approve an extension that was asked for."""
        return await self.step(
            "decideExtension", case_id, requestId=request_id, approved=True, opinion=opinion
        )

    async def merge(self, case_id: str, into_case_id: str, reason: str) -> dict[str, Any]:
        """Let a duplicate go on as part of another case."""
        return await self.step("mergeCases", case_id, intoCaseId=into_case_id, reason=reason)

    async def cards_of(self, case_id: str, first: int = 50) -> list[dict[str, Any]]:
        """List the warnings and cards of a case that nobody has; none when it is not on that list."""
        page = await self.ask("casesToWatch", {"first": first, "watch": "UNASSIGNED"})
        return [
            card for row in page["nodes"] if row["case"]["id"] == case_id for card in row["case"]["cards"]
        ]

    async def emergencies_on(self) -> list[dict[str, Any]]:
        """List the emergencies that are on."""
        return list((await self.ask("emergencies", {"state": "ON", "first": 50}))["nodes"])

    async def start_emergency(
        self, profile: str, name: str, area_codes: Sequence[str], *, minutes: int, authority: str
    ) -> dict[str, Any]:
        """Switch an area to emergency from now on; it ends by itself."""
        ends_at = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
        given = {"profile": profile, "name": name, "areaCodes": list(area_codes), "authority": authority}
        return dict(await self.send("startEmergency", {"clientId": fresh_id(), "endsAt": ends_at, **given}))

    async def end_emergency(self, emergency_id: str, reason: str) -> dict[str, Any]:
        """Switch back to normal."""
        given = {"clientId": fresh_id(), "emergencyId": emergency_id, "reason": reason}
        return dict(await self.send("endEmergency", given))

    async def read_original(self, media_id: str, reason: str) -> dict[str, Any]:
        """Say why the original of a photo is needed; gives the link to it."""
        return dict(
            await self.send("readOriginal", {"clientId": fresh_id(), "mediaId": media_id, "reason": reason})
        )

    async def readings_of(self, media_id: str) -> list[dict[str, Any]]:
        """List who read the original of a photo, and why."""
        return list((await self.ask("originalReadings", {"mediaId": media_id, "first": 20}))["nodes"])

    async def events_of(self, camera_id: str) -> list[dict[str, Any]]:
        """List what a camera saw, of the newest events."""
        page = await self.ask("eyeEvents", {"first": 50})
        return [row for row in page["nodes"] if row["cameraId"] == camera_id]

    async def flight(self, flight_id: str) -> dict[str, Any] | None:
        """Look at one flight with its finds; nothing while none of its frames is here."""
        page = await self.ask("eyeBatches", {"first": 20})
        found = next((row["id"] for row in page["nodes"] if row["flightId"] == flight_id), None)
        return None if found is None else dict(await self.ask("eyeBatch", {"id": found, "first": 50}))

    async def confirm_event(self, event_id: str, opinion: str) -> dict[str, Any]:
        """Have a case made of what machines saw."""
        given = {"clientId": fresh_id(), "eventId": event_id, "opinion": opinion}
        return dict(await self.send("confirmEvent", given))

    async def dismiss_event(self, event_id: str, reason: str) -> dict[str, Any]:
        """Say that what machines saw is nothing for the city."""
        given = {"clientId": fresh_id(), "eventId": event_id, "reason": reason}
        return dict(await self.send("dismissEvent", given))
