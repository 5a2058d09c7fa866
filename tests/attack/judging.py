"""What no answer may be, whoever asked whatever: a failure, slow, or full of what is not theirs to know."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.api.policy.seeded import SECRET

LONGEST_SECONDS = 5.0
_INSIDE = re.compile(
    r"Traceback|File \\?\"|[/\w]\.py\b|site-packages|pymongo|motor|beanie|strawberry|litestar|uvicorn|mongod"
    r"|redis://|E11000|OperationFailure|object at 0x|NoneType|\b(?:Key|Attribute|Type|Value|Runtime)Error\b"
)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_EXAMPLE = "13800000000"  # nobody's: it says in refusals what a number looks like
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


@dataclass(frozen=True)
class Heard:
    """One answer: its status (0 over a socket), its words, and how long it took."""

    status: int
    words: str
    seconds: float = 0.0

    @classmethod
    def of(cls, answer: httpx.Response, seconds: float) -> Heard:
        return cls(answer.status_code, answer.text, seconds)

    @property
    def has_data(self) -> bool:
        """Tell whether something was resolved, be it a refusal in the result."""
        return self.words.startswith('{"data":{')


def fault_of(
    heard: Heard, sent: str, *, sees_secrets: bool = True, longest_seconds: float = LONGEST_SECONDS
) -> str | None:
    """Tell what is wrong with an answer to what was sent, if anything.

    An error may repeat what it was sent and nothing else: no number of a phone, no id, no words from inside.
    """
    if heard.status >= 500:
        return f"status {heard.status}: {heard.words}"
    if heard.seconds > longest_seconds:
        return f"answered after {heard.seconds:.1f} s"
    body = _body(heard.words)
    errors = json.dumps(list(_errors(body)), ensure_ascii=False) if body is not None else heard.words
    if '"UNEXPECTED"' in errors:
        return f"unexpected: {errors}"
    inside = next((found[0] for found in _INSIDE.finditer(errors) if found[0] not in sent), None)
    if inside is not None:
        return f"words from inside ({inside}): {errors}"
    for kind, pattern in (("number of a phone", _PHONE), ("id", _ID)):
        for found in pattern.findall(errors):
            if found not in sent and found != _EXAMPLE:
                return f"{kind} in an error ({found}): {errors}"
    told = errors if sees_secrets else heard.words
    if f"{SECRET}_" in told and SECRET not in sent:
        return f"a secret of another street: {told}"
    return None


def _body(words: str) -> Any:
    try:
        return json.loads(words)
    except ValueError:
        return None


def _errors(value: Any) -> Iterator[Any]:
    """Give all that is told as an error: of GraphQL, of a route, and every Problem in the data."""
    if isinstance(value, list):
        for one in value:
            yield from _errors(one)
    if not isinstance(value, dict):
        return
    is_problem = value.get("__typename") == "Problem" or {"code", "message"} <= set(value)
    if is_problem or ("extensions" in value and "message" in value):
        yield value
        return
    for name, inner in value.items():
        yield from inner if name == "errors" and isinstance(inner, list) else _errors(inner)
