"""How refusals and failures are told: in a result union, as a GraphQL error, as an HTTP answer."""

from __future__ import annotations

import secrets
from typing import Any

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.exceptions import StrawberryInputCoercionError

from city_api.enums import State
from city_api.limits import Excess
from city_api.rows import Refused, computed
from city_core.kit.doing import note_refusal
from city_core.kit.logs import failure
from city_core.kit.mongo import is_out_of_time, is_unreachable
from city_core.kit.problems import CityProblem

log = structlog.get_logger()
_RETRY_AFTER_SECONDS = {429: 60, 503: 5}
_RETRY_AFTER_SECONDS_OF = {"PHOTO_NOT_READY": 5}


@strawberry.type(description="An expected refusal: why something was not done, and what would be allowed.")
class Problem:
    code: str = computed(
        lambda refused, _: refused.problem.code, description="One of the codes in problems.md."
    )
    message: str = computed(
        lambda refused, context: in_language(refused.problem, context.language),
        description="Text for people, in the language that was asked for.",
    )
    message_zh: str = computed(lambda refused, _: refused.problem.kind.zh)
    message_en: str = computed(lambda refused, _: refused.problem.kind.en)
    field: str | None = computed(
        lambda refused, _: refused.problem.field, description="The input that it is about."
    )
    allowed: str | None = computed(
        lambda refused, _: refused.problem.allowed, description="What would be accepted."
    )
    retryable: bool = computed(
        lambda refused, _: refused.problem.kind.retryable,
        description="Whether the same command can succeed later.",
    )
    changed_fields: list[str] | None = computed(
        lambda refused, _: getattr(refused.problem, "fields", None),
        description="Of COMMAND_CONFLICT: what has changed of the case, by its field names.",
    )
    current_version: int | None = computed(
        lambda refused, _: getattr(refused.problem, "version", None),
        description="Of COMMAND_CONFLICT: the version of the case now.",
    )
    current_state: State | None = computed(
        lambda refused, _: getattr(refused.problem, "state", None),
        description="Of COMMAND_CONFLICT: where the case stands now.",
    )


class RefusalAsResult(strawberry.ExceptionHandler[CityProblem, Problem]):
    """Answers a refused command with the Problem of its result union."""

    def handle(self, exception: CityProblem, *, field: Any, info: Any) -> Any:
        note_refusal(exception.code)
        return Refused(exception)


def in_language(problem: CityProblem, language: str) -> str:
    """Give a refusal's text in Chinese, or in English where that was asked for."""
    return problem.kind.en if language == "en" else problem.kind.zh


def problem_body(problem: CityProblem, reference: str | None = None) -> dict[str, Any]:
    """Write a refusal the way it goes over HTTP."""
    body: dict[str, Any] = {
        "code": problem.code,
        "message": {"zh": problem.kind.zh, "en": problem.kind.en},
        "field": problem.field,
        "allowed": problem.allowed,
        "retryable": problem.kind.retryable,
    }
    wait = getattr(problem, "retry_after_seconds", None)
    more = {"reference": reference, "retryAfterSeconds": wait}
    return {**body, **{name: value for name, value in more.items() if value is not None}}


def retry_headers(problem: CityProblem) -> dict[str, str]:
    """Tell a phone over HTTP when to come again, where the refusal is for now only."""
    by_status = _RETRY_AFTER_SECONDS.get(problem.kind.http_status)
    usual = _RETRY_AFTER_SECONDS_OF.get(problem.code, by_status)
    seconds = getattr(problem, "retry_after_seconds", usual)
    return {} if seconds is None else {"retry-after": str(seconds)}


def told(error: GraphQLError, language: str, *, in_full: bool = True) -> GraphQLError:
    """Make an error fit to be told: refusals by their code, bad requests as such, all else masked.

    `in_full` says of bad requests what is wrong with them, which repeats their names and values.
    """
    if "code" in (error.extensions or {}):
        note_refusal(str((error.extensions or {})["code"]))
        return error
    original = error.original_error
    if isinstance(original, CityProblem):
        return _as_error(error, original, language)
    is_about_the_document = error.path is None and (original is None or isinstance(original, GraphQLError))
    if is_about_the_document or isinstance(original, StrawberryInputCoercionError):
        if in_full or isinstance(error, Excess):
            note_refusal("REQUEST_INVALID")
            return GraphQLError(error.message, error.nodes, extensions={"code": "REQUEST_INVALID"})
        return _as_error(GraphQLError(""), CityProblem("REQUEST_INVALID"), language)
    masked = seen_as_problem(original or error)
    return _as_error(error, masked, language, reference=log_unexpected(original or error))


def seen_as_problem(error: BaseException) -> CityProblem:
    """See a failure the way it is told: a truth that cannot be reached now is busy, all else unexpected."""
    if is_out_of_time(error):
        return CityProblem("OPERATION_TOO_LONG")
    return CityProblem("BUSY" if is_unreachable(error) else "UNEXPECTED")


def _as_error(
    error: GraphQLError, problem: CityProblem, language: str, reference: str | None = None
) -> GraphQLError:
    note_refusal(problem.code)
    body = problem_body(problem, reference)
    texts = body.pop("message")
    message = in_language(problem, language)
    return GraphQLError(message, error.nodes, path=error.path, extensions={**body, **texts})


def log_unexpected(error: BaseException) -> str:
    """Log a failure by its kind and place, not by its words, which may be personal; answers its reference."""
    reference = secrets.token_hex(6)
    log.error("unexpected_error", reference=reference, **failure(error))
    return reference
