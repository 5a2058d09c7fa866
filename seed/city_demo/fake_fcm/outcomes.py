"""What FCM can answer, in the exact form of its HTTP v1 interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FCM_ERROR_TYPE = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
HANG = "hang"

# FCM's own error code -> HTTP status, google.rpc status, message
REFUSALS: dict[str, tuple[int, str, str]] = {
    "INVALID_ARGUMENT": (400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "SENDER_ID_MISMATCH": (403, "PERMISSION_DENIED", "SenderId mismatch"),
    "UNREGISTERED": (404, "NOT_FOUND", "Requested entity was not found."),
    "QUOTA_EXCEEDED": (429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric."),
    "INTERNAL": (500, "INTERNAL", "Internal error encountered."),
    "UNAVAILABLE": (503, "UNAVAILABLE", "The service is currently unavailable."),
}


@dataclass(frozen=True)
class Outcome:
    """One scripted answer: a refusal code or `hang`, and the seconds of its Retry-After header."""

    code: str
    retry_after_s: int | None = None

    @classmethod
    def parse(cls, text: str) -> Outcome:
        """Reads `CODE` or `CODE:SECONDS`, for instance `QUOTA_EXCEEDED:2`."""
        code, _, seconds = text.partition(":")
        if code != HANG and code not in REFUSALS:
            raise ValueError(f"Unknown outcome {code!r}; known are {HANG}, {', '.join(REFUSALS)}.")
        return cls(code, int(seconds) if seconds else None)


@dataclass(frozen=True)
class Answer:
    """A status, a JSON body, and the seconds after which the sender may come back."""

    status: int
    body: Any
    retry_after_s: int | None = None


def accepted(project: str, seq: int) -> Answer:
    """FCM took the message and gave it a name."""
    return Answer(200, {"name": f"projects/{project}/messages/{seq}"})


def refused(outcome: Outcome) -> Answer:
    """FCM did not take the message, for the given reason."""
    status, rpc_status, message = REFUSALS[outcome.code]
    detail = {"@type": FCM_ERROR_TYPE, "errorCode": outcome.code}
    return Answer(status, _error(status, rpc_status, message, [detail]), outcome.retry_after_s)


def invalid(message: str) -> Answer:
    """The request itself is wrong."""
    detail = {"@type": FCM_ERROR_TYPE, "errorCode": "INVALID_ARGUMENT"}
    return Answer(400, _error(400, "INVALID_ARGUMENT", message, [detail]))


def not_signed_in() -> Answer:
    """The sender showed no access token that was issued here."""
    return Answer(401, _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."))


def _error(status: int, rpc_status: str, message: str, details: list[Any] | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"code": status, "message": message, "status": rpc_status}
    return {"error": error | ({"details": details} if details else {})}
