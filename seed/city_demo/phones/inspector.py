"""The phone of an inspector 监督员: reports, verifies, checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from city_demo.phones.reporting import ReportingPhone


class InspectorPhone(ReportingPhone):
    """In the hand of whoever walks the grids."""

    app = "inspector"

    async def verify(
        self,
        case_id: str,
        finding: str = "EXISTS",
        *,
        opinion: str = "",
        photos: Sequence[str] = (),
        type_code: str | None = None,
        condition_id: str | None = None,
    ) -> dict[str, Any]:
        """Say what was found on the spot: EXISTS, NOT_FOUND or CANNOT_TELL."""
        details = {"typeCode": type_code, "conditionId": condition_id, "mediaIds": list(photos)}
        return await self.step("verifyReport", case_id, finding=finding, opinion=opinion, **details)

    async def check(
        self,
        case_id: str,
        *,
        passed: bool = True,
        opinion: str = "",
        photos: Sequence[str] = (),
        judged: Sequence[dict[str, Any]] = (),
    ) -> dict[str, Any]:
        """Say whether the problem is gone, or send it back with the reason; judge the flags of photos."""
        given = {"mediaIds": list(photos), "flagJudgements": list(judged)}
        return await self.step("checkCase", case_id, passed=passed, opinion=opinion, **given)
