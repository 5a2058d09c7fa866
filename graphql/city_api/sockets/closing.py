"""Why a connection is closed: a number that phones decide by, and the code of the problem as its reason."""

from __future__ import annotations

from enum import IntEnum

from city_core.kit.problems import CityProblem

_MOST_REASON_BYTES = 123


class CloseCode(IntEnum):
    """What a phone may do next: graphql-ws comes back by itself after 1013, 4403, 4408 and 4413 only."""

    TRY_LATER = 1013
    BAD_MESSAGE = 4400
    SIGNED_OUT = 4401
    FRESH_TOKEN = 4403
    WRONG_PROTOCOL = 4406
    FIRST_MESSAGE_LATE = 4408
    ID_IN_USE = 4409
    TOO_SLOW = 4413
    TOO_MANY = 4429
    FAILED = 4500


CODE_OF_PROBLEM = {
    "BUSY": CloseCode.TRY_LATER,
    "REQUEST_INVALID": CloseCode.BAD_MESSAGE,
    "SIGNED_OUT": CloseCode.SIGNED_OUT,
    "SIGN_IN_REQUIRED": CloseCode.FRESH_TOKEN,
    "FIRST_MESSAGE_LATE": CloseCode.FIRST_MESSAGE_LATE,
    "READING_TOO_SLOW": CloseCode.TOO_SLOW,
    "TOO_MANY_REQUESTS": CloseCode.TRY_LATER,
    "TOO_MANY_SOCKETS": CloseCode.TOO_MANY,
    "TOO_MANY_SUBSCRIPTIONS": CloseCode.TOO_MANY,
    "UNEXPECTED": CloseCode.FAILED,
}
_PROBLEM_OF_PROTOCOL = {
    CloseCode.SIGNED_OUT: "SIGN_IN_REQUIRED",
    CloseCode.FRESH_TOKEN: "SIGN_IN_REQUIRED",
    CloseCode.FIRST_MESSAGE_LATE: "FIRST_MESSAGE_LATE",
}


def closing_of(problem: CityProblem) -> tuple[int, str]:
    """Tell how a connection is closed for a problem; what is about the sign-in asks for a fresh token."""
    return CODE_OF_PROBLEM.get(problem.code, CloseCode.FRESH_TOKEN), problem.code


def reason_of_protocol(code: int, words: str) -> str:
    """Give the reason with which the protocol itself closes a connection: a problem's code comes first."""
    problem = {int(known): name for known, name in _PROBLEM_OF_PROTOCOL.items()}.get(code)
    reason = problem or f"REQUEST_INVALID: {words}"
    return reason.encode()[:_MOST_REASON_BYTES].decode(errors="ignore")
