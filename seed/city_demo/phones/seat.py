"""A seat in the centre: acceptor 受理员, shift leader 值班长, dispatcher 派遣员, or a leader who looks on."""

from __future__ import annotations

from typing import Any

from city_demo.phones.phone import Phone


class Seat(Phone):
    """A screen in the centre."""

    app = "seat"
    platform = "web"

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
