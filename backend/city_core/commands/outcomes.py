"""What can become of a command, and how a refusal is kept so that it can be told again word by word."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from city_core.kit.conflicts import CommandConflict
from city_core.kit.mongo import Row
from city_core.kit.problems import PROBLEM_KINDS, CityProblem

# The same command may well succeed once the person has signed in: nothing about it was decided.
_NOT_DECIDED = frozenset({"SIGN_IN_REQUIRED"})


class Status(StrEnum):
    """What became of a command, as a phone is told."""

    APPLIED = "APPLIED"
    DUPLICATE = "DUPLICATE"
    HELD = "HELD"
    CONFLICT = "CONFLICT"
    REJECTED = "REJECTED"
    IN_PROGRESS = "IN_PROGRESS"
    UNKNOWN = "UNKNOWN"


def is_final(problem: CityProblem) -> bool:
    """Tell whether a refusal is the outcome of a command, or the same command may succeed later."""
    return not problem.kind.retryable and problem.code not in _NOT_DECIDED


def outcome_of(problem: CityProblem | None) -> Row:
    """Write down what became of a command that was carried out or refused."""
    if problem is None:
        return {"status": Status.APPLIED.value, "problem": None}
    told: dict[str, Any] = {"code": problem.code, "field": problem.field, "allowed": problem.allowed}
    if isinstance(problem, CommandConflict):
        told["conflict"] = {
            "fields": list(problem.fields), "version": problem.version, "state": problem.state,
        }  # fmt: skip
        return {"status": Status.CONFLICT.value, "problem": told}
    return {"status": Status.REJECTED.value, "problem": told}


def problem_in(outcome: Row) -> CityProblem | None:
    """See the refusal of an outcome again, exactly as it was told first."""
    told = outcome["problem"]
    if told is None:
        return None
    if "conflict" in told:
        conflict = told["conflict"]
        return CommandConflict(tuple(conflict["fields"]), conflict["version"], conflict["state"])
    code = told["code"] if told["code"] in PROBLEM_KINDS else "UNEXPECTED"
    return CityProblem(code, field=told["field"], allowed=told["allowed"])


def reused() -> CityProblem:
    """Refuse an id that was used for another input."""
    return CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
