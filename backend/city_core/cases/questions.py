"""Questions to whoever reported a case 询问反映人: which one still waits for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.vocabulary import Action

Row = Mapping[str, Any]


def open_question(case: Row, person_id: str) -> Row | None:
    """Find the latest question to a person that they have not answered yet, as the step that asked it."""
    waiting: Row | None = None
    for step in case["history"]:
        if step["action"] == Action.ASK_REPORTER and step["facts"]["asked_id"] == person_id:
            waiting = step
        elif step["action"] == Action.ANSWER_QUESTION and step["person_id"] == person_id:
            waiting = None
    return waiting
