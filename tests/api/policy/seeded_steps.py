"""Steps on record for the cases of the matrix, as their use-cases write them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Row = dict[str, Any]


def step(action: str, states: tuple[str | None, str], who: tuple[str, str], at: datetime, **more: Any) -> Row:
    """Make one step from a state to a state, by a person in a post."""
    return {
        "seq": 1, "action": action, "from_state": states[0], "to_state": states[1], "person_id": who[0],
        "role": who[1], "person_name": who[0], "at": at, "device_time": None, "made_at": None,
        "origin": "phone:test", "opinion": "", "media_ids": [], "receiver_id": None,
        "receiver_department_id": None, "reasons": [], "facts": {}, "changed": [], "command_id": None,
        "input_hash": None, **more,
    }  # fmt: skip


def question(asked_id: str, asker_id: str, words: str, case: Row, at: datetime) -> Row:
    """Make the step that asks a reporter something, as the next one of a case."""
    state = case["state"]
    more = {"seq": len(case["history"]) + 1, "opinion": words, "facts": {"asked_id": asked_id}}
    return step("ASK_REPORTER", (state, state), (asker_id, "OFFICER"), at, **more)
