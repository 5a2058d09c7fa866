"""The phone of a handling officer 处置人员: accepts, returns, reports what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from city_demo.phones.phone import Phone, fresh_id


class OfficerPhone(Phone):
    """In the hand of whoever puts things right."""

    app = "officer"

    async def accept(self, case_id: str) -> dict[str, Any]:
        """Take a task into one's own hands."""
        return await self.step("acceptTask", case_id)

    async def give_back(self, case_id: str, opinion: str) -> dict[str, Any]:
        """Return a case that is somebody else's duty."""
        return await self.step("returnTask", case_id, opinion=opinion)

    async def ask_for_time(self, case_id: str, value: int, reason: str) -> dict[str, Any]:
        """Ask for an extension, in the unit of the case's limit."""
        return await self.step("requestExtension", case_id, value=value, reason=reason)

    async def report_handled(
        self, case_id: str, *, opinion: str, photos: Sequence[str] = (), said: Sequence[dict[str, Any]] = ()
    ) -> dict[str, Any]:
        """Report that it is done, with photos of the result; `said`: those of which something is said."""
        given = {"mediaIds": list(photos), "photos": list(said)}
        return await self.step("reportHandled", case_id, opinion=opinion, **given)

    async def message_of(self, case_id: str, kind: str) -> dict[str, Any] | None:
        """Find the newest message of a kind about a case in the inbox; nothing when there is none."""
        newest = await self.inbox(50)
        return next((row for row in newest if (row["caseId"], row["kind"]) == (case_id, kind)), None)

    async def acknowledge(self, message_id: str, state: str, reason: str | None = None) -> dict[str, Any]:
        """Tell how far a message has come: DELIVERED, READ, ACCEPTED, or REFUSED with the reason."""
        given = {"messageId": message_id, "state": state, "clientId": fresh_id(), "reason": reason}
        return dict(await self.send("acknowledgeMessage", given))
