"""How the city says no, and how it sounds when nobody answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The city refused what the phone asked for; `code` is one of the contract's problem codes."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.problem = problem
        self.code = str(problem.get("code", "UNKNOWN"))
        self.retryable = bool(problem.get("retryable"))
        allowed = f"; allowed: {problem['allowed']}" if problem.get("allowed") else ""
        super().__init__(f"{self.code} {problem.get('field') or ''}{allowed}")


class NoAnswer(Exception):
    """The city could not be reached, however often the phone tried."""


def refusal_in(payload: Any) -> Mapping[str, Any] | None:
    """Find the Problem in an answer; None when it was done."""
    is_refusal = isinstance(payload, Mapping) and payload.get("__typename") == "Problem"
    return payload if is_refusal else None
