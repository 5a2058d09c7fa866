"""What became of a message before its receiver had it."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def climbed(now: datetime) -> dict[str, Any]:
    """Give what a message has beside, that was pushed, then texted, then delivered."""
    rung = {"step": 1, "action": "PUSH", "at": now, "outcome": "PUSHED"}
    by = {"device_id": "", "client_id": None, "person_id": None}
    delivered = {"state": "DELIVERED", "at": now, "device_time": now, "reason": "", **by}
    return {
        "urgency": "normal", "answer": "DELIVERED", "acknowledgements": [delivered],
        "rungs": [rung, {**rung, "step": 2, "action": "SMS", "outcome": "SENT"}],
    }  # fmt: skip
