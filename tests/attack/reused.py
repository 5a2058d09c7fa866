"""Checks that the suite makes already, made here as well: the same functions, on a village of their own."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api import (
    test_graphql_over_http,
    test_guard_over_http,
    test_hostile_input,
    test_limits,
    test_map_under_attack,
    test_open_sockets,
    test_staying_signed_in,
)
from tests.api.conftest import CHANGED_BY_TESTS, served_village
from tests.api.policy import test_matrix
from tests.api.policy.matrix import ask_everything, village_with_everything
from tests.attack.findings import Report

ANYBODY, ALL = "anonymous", "each role"
_SUITE: Mapping[str, tuple[Callable[..., Any], ...]] = {
    "sign-in tries": (
        test_staying_signed_in.test_aliases_buy_no_further_tries,
        test_staying_signed_in.test_limits_count_the_connection_and_believe_no_stranger_about_it,
        test_guard_over_http.test_one_time_codes_are_counted_without_redis,
    ),
    "cost and rate": (
        test_guard_over_http.test_what_an_operation_may_cost_depends_on_who_asks,
        test_guard_over_http.test_an_operation_by_its_hash_is_paid_for_as_well,
        test_guard_over_http.test_ten_directives_are_let_in_and_not_one_more,
        test_guard_over_http.test_strangers_share_the_allowance_of_their_network,
        test_guard_over_http.test_a_citizen_reports_so_often_and_an_inspector_as_often_as_it_takes,
    ),
    "size of documents": (
        test_limits.test_too_long_a_document_is_refused_before_it_is_read,
        test_limits.test_one_command_a_request,
        test_limits.test_a_wrong_name_gets_one_error_without_suggestions,
    ),
    "injection": (
        test_hostile_input.test_variables_that_mean_harm_are_refused,
        test_hostile_input.test_literals_that_mean_harm_are_refused,
        test_hostile_input.test_operators_in_texts_are_texts,
        test_hostile_input.test_a_queued_command_brings_no_operator,
        test_hostile_input.test_messages_over_a_socket_that_mean_harm_end_it,
    ),
    "uploads": (
        test_hostile_input.test_metadata_of_uploads_that_mean_harm_are_refused,
        test_hostile_input.test_the_name_of_a_file_is_nothing_to_us,
        test_hostile_input.test_lists_of_frames_that_mean_harm_are_refused,
        test_hostile_input.test_rows_of_files_that_mean_harm_are_bad_rows,
    ),
    "cross-site commands": (
        test_hostile_input.test_what_a_page_elsewhere_can_send_without_asking_is_no_command,
        test_graphql_over_http.test_get_reads_and_never_commands,
    ),
    "files and maps": (
        test_map_under_attack.test_no_other_file_is_given_out,
        test_map_under_attack.test_absurd_questions_are_refused,
    ),
    "connections": (
        test_open_sockets.test_a_connection_that_says_nothing_is_closed,
        test_open_sockets.test_a_message_that_is_too_large_closes_the_connection,
        test_open_sockets.test_too_many_operations_close_the_connection,
        test_open_sockets.test_of_too_many_phones_of_one_person_the_oldest_goes,
        test_open_sockets.test_what_breaks_the_protocol_closes_the_connection,
        test_open_sockets.test_a_subscription_before_the_sign_in_is_refused,
    ),
    "time of an operation": (
        test_guard_over_http.test_what_takes_too_long_is_ended_in_mongodb_too,
    ),
}  # fmt: skip


async def attack_as_the_suite_does(mongod: EmbeddedMongod, redis: EmbeddedRedis, report: Report) -> None:
    """Make the suite's own checks on a fresh village, each on a clean one."""
    async with (
        test_guard_over_http.slow_village(mongod, redis) as slow,
        served_village(mongod, redis, log_level="ERROR") as api,  # the last one says what is logged
    ):
        given, cases = {"api": api, "slow": slow}, 0
        for check, functions in _SUITE.items():
            report.note(check, ANYBODY, None)
            for function in functions:
                for case in cases_of(function):
                    found = await _found(function, given, case)
                    report.note(check, ANYBODY, found)
                    cases += 1
                    for name in CHANGED_BY_TESTS:
                        await api.city.database[name].delete_many({})
    report.figures.append(f"checks of the suite: {cases} cases")


async def attack_by_the_matrix(mongod: EmbeddedMongod, redis: EmbeddedRedis, report: Report) -> None:
    """Ask everything there is as everybody, about own, foreign and missing objects."""
    check = "objects of others"
    report.note(check, ALL, None)
    with TemporaryDirectory() as folder:
        async with village_with_everything(mongod, redis, Path(folder), log_level="ERROR") as api:
            matrix = await ask_everything(api)
    rules = [
        function
        for name, function in vars(test_matrix).items()
        if name.startswith("test_") and list(inspect.signature(function).parameters) == ["matrix"]
    ]
    for function in rules:
        report.note(check, ALL, await _found(function, {"matrix": matrix}, {}))
    report.figures.append(
        f"{check}: {len(matrix.answers.outcome)} cells of the matrix, {len(rules)} rules of it"
    )


def cases_of(function: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """Give the parameters of each case of a test that has several."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    choices = []
    for mark in marks:
        names = mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0]
        names = [name.strip() for name in names]
        rows = mark.args[1]
        choices.append([dict(zip(names, row if len(names) > 1 else (row,), strict=True)) for row in rows])
    for combination in itertools.product(*choices):
        yield {name: value for part in combination for name, value in part.items()}


async def _found(function: Callable[..., Any], given: dict[str, Any], case: dict[str, Any]) -> str | None:
    wanted = inspect.signature(function).parameters
    try:
        await function(**{name: value for name, value in given.items() if name in wanted}, **case)
    except (AssertionError, KeyError, ValueError) as error:
        return f"{function.__name__} {str(case)[:100]}: {type(error).__name__} {str(error)[:200]}"
    return None
