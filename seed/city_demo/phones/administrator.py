"""The desk of an administrator 管理员: lets machines in."""

from __future__ import annotations

from typing import Any

from city_demo.phones.phone import fresh_id
from city_demo.phones.seat import Seat


class Administrator(Seat):
    """A screen at which the city is kept in order."""

    app = "administrator"

    async def machine_key(self, name: str, kind: str) -> str:
        """Let a machine source in and give its key; one that is known by its name gets another key."""
        known = [row for row in await self.ask("machineSources", {}) if row["name"] == name]
        if known:
            issued = await self.send("rotateMachineKey", {"clientId": fresh_id(), "sourceId": known[0]["id"]})
        else:
            issued = await self.send("createMachineSource", self._new(name, kind))
        return str(issued["key"])

    @staticmethod
    def _new(name: str, kind: str) -> dict[str, Any]:
        return {"clientId": fresh_id(), "name": name, "kind": kind, "framesPerMinute": 600}
