"""What a person did without a network: kept on the phone, numbered, handed over once there is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from city_demo.phones.phone import Phone, fresh_id

Row = dict[str, Any]


class Queue:
    """The commands of one phone in the order in which they were given."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._device_id = fresh_id()
        self._commands: list[Row] = []

    def put(self, field: str, *, minutes_ago: float, base_version: int | None = None, **given: Any) -> int:
        """Keep a command, named and filled like the mutation; gives its number."""
        client_id, made = fresh_id(), datetime.now(UTC) - timedelta(minutes=minutes_ago)
        command = {
            "clientId": client_id,
            "deviceSequence": len(self._commands) + 1,
            "deviceTime": made.isoformat(),
            "baseVersion": base_version,
            "do": {field: {"clientId": client_id, **given}},
        }
        self._commands.append(command)
        return len(self._commands)

    async def hand_over(self, *numbers: int) -> list[Row]:
        """Send the commands with these numbers, in this order; gives their outcomes."""
        batch = {
            "deviceId": self._device_id,
            "deviceTime": datetime.now(UTC).isoformat(),
            "commands": [self._commands[number - 1] for number in numbers],
        }
        return list((await self._phone.send("runCommands", batch))["outcomes"])
