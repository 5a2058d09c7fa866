"""Reporting from the street, as inspectors and citizens both do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from city_demo.phones.phone import Phone, fresh_id

_LOOK_EVERY_S = 0.1


class ReportingPhone(Phone):
    """A phone that something can be reported with; it knows when each of its reports was sent."""

    @cached_property
    def reported_monotonic(self) -> dict[str, float]:
        """When the reports of which cases left this phone, their photos being there."""
        return {}

    async def report(
        self, point: tuple[float, float], *, client_id: str | None = None, **details: Any
    ) -> dict[str, Any]:
        """Report something at a point (longitude, latitude in degrees); gives the case.

        `details` are those of `report_of`.
        """
        given = {"clientId": client_id or fresh_id(), **self.report_of(point, **details)}
        sent = time.monotonic()
        case = dict(await self.send("submitReport", given))
        self.reported_monotonic[case["id"]] = sent
        return case

    @staticmethod
    def report_of(
        point: tuple[float, float],
        *,
        photos: Sequence[str] = (),
        type_code: str | None = None,
        condition_id: str | None = None,
        description: str = "",
        address: str = "",
        datum: str = "WGS84",
    ) -> dict[str, Any]:
        """Fill in a report, to be sent now or kept in a queue."""
        return {
            "point": {"lng": point[0], "lat": point[1], "datum": datum, "accuracyM": 8.0},
            "typeCode": type_code,
            "conditionId": condition_id,
            "description": description,
            "address": address,
            "mediaIds": list(photos),
        }

    async def photo_advice(self, media_id: str, seconds: float) -> dict[str, Any]:
        """See what detection makes of a photo before it is reported; waits so long for it."""
        deadline = time.monotonic() + seconds
        while True:
            advice = dict(await self.ask("photoAdvice", {"mediaId": media_id}))
            if advice["state"] != "WAITING" or time.monotonic() > deadline:
                return advice
            await asyncio.sleep(_LOOK_EVERY_S)

    async def possible_duplicates(
        self, point: tuple[float, float], *, type_code: str | None = None, datum: str = "WGS84"
    ) -> list[dict[str, Any]]:
        """See what others reported close by, before reporting it once more."""
        where = {"lng": point[0], "lat": point[1], "datum": datum, "accuracyM": 8.0}
        return list(await self.ask("possibleDuplicates", {"input": {"point": where, "typeCode": type_code}}))

    async def add_photos(self, case_id: str, photos: Sequence[str]) -> dict[str, Any]:
        """Send further photos to one's own report."""
        return await self.step("addPhotos", case_id, mediaIds=list(photos))

    async def cancel(self, case_id: str, opinion: str) -> dict[str, Any]:
        """Withdraw one's own report."""
        return await self.step("cancelReport", case_id, opinion=opinion)
