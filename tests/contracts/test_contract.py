"""What the phones rely on: generated from the code, valid against it, and never broken unnoticed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    OperationDefinitionNode,
    build_schema,
    find_breaking_changes,
    parse,
)

from city_api import export
from city_api.cases.words import ACTION_NAMES, ROLE_NAMES, STATE_NAMES
from city_api.limits import DocumentReader
from city_api.schema import city_schema
from city_api.sockets.closing import CODE_OF_PROBLEM, CloseCode
from city_core.cases.notices import NoticeKind
from city_core.cases.workflow import Action, State
from city_core.kit.problems import PROBLEM_KINDS
from city_core.notify.templates import TEXTS
from city_core.people.roles import Role

FOLDER = Path(__file__).parents[2] / "mobile_contracts"
HAND_WRITTEN = (
    "commands.md",
    "auth.md",
    "uploads.md",
    "eye.md",
    "signs.md",
    "map.md",
    "photos.md",
    "sync.md",
    "subscriptions.md",
    "deprecations.md",
    "limits.md",
    "README.md",
)
OPERATIONS = sorted((FOLDER / "operations").glob("*/*.graphql"))


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def test_every_generated_file_is_as_the_code_has_it() -> None:
    assert export.outdated(FOLDER) == []


def test_the_check_names_a_file_that_is_out_of_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export.main(["--release", str(tmp_path)]) == 0
    assert export.main(["--check", str(tmp_path)]) == 0
    (tmp_path / "problems.md").write_text("by hand")
    assert export.main(["--check", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("problems.md is out of date")


def test_the_schema_breaks_nothing_that_was_released() -> None:
    released = build_schema((FOLDER / "schema.released.graphql").read_text(encoding="utf-8"))
    present = build_schema((FOLDER / "schema.graphql").read_text(encoding="utf-8"))
    assert [change.description for change in find_breaking_changes(released, present)] == []


@pytest.mark.parametrize("file", OPERATIONS, ids=_name)
def test_an_operation_is_valid_within_the_limits_and_named_like_its_file(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    reader: DocumentReader = city_schema(introspection=False).reader
    assert reader.faults(text) == ()
    operations = [node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)]
    assert [operation.name and operation.name.value for operation in operations] == [file.stem]


def test_every_query_and_command_is_used_by_some_operation() -> None:
    schema = city_schema(introspection=False)._schema
    used = " ".join(file.read_text(encoding="utf-8") for file in OPERATIONS)
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        assert isinstance(root, GraphQLObjectType)
        assert [name for name in root.fields if not re.search(rf"\b{name}\b", used)] == []


def test_every_command_tells_its_problem_in_full() -> None:
    for file in OPERATIONS:
        text = file.read_text(encoding="utf-8")
        if text.startswith("mutation"):
            problem = text[text.index("... on Problem") :]
            assert {"code", "message", "field", "allowed", "retryable"} <= set(problem.split()), file


def test_every_problem_code_is_on_its_page() -> None:
    page = (FOLDER / "problems.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(PROBLEM_KINDS)
    listed = json.loads((FOLDER / "problems.json").read_text(encoding="utf-8"))["problems"]
    assert {row["code"]: row for row in listed} == {
        code: {
            "code": code,
            "http_status": kind.http_status,
            "retryable": kind.retryable,
            "zh": kind.zh,
            "en": kind.en,
        }
        for code, kind in PROBLEM_KINDS.items()
    }


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=str)
def test_every_word_in_capitals_of_a_hand_written_page_exists(page: str) -> None:
    schema = build_schema((FOLDER / "schema.graphql").read_text(encoding="utf-8"))
    enums = [type_ for type_ in schema.type_map.values() if isinstance(type_, GraphQLEnumType)]
    known = {*PROBLEM_KINDS, *NoticeKind, *(value for enum in enums for value in enum.values)}
    words = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", (FOLDER / page).read_text(encoding="utf-8")))
    assert words - known == set()


def test_every_way_to_close_a_connection_is_on_its_page() -> None:
    page = (FOLDER / "subscriptions.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (\d{4}) \| (?:`(\w+)`|–) \|", page, re.MULTILINE))
    assert {int(code) for code, _ in rows} >= set(CloseCode)
    assert {(int(code), problem) for code, problem in rows} >= {
        (code, problem) for problem, code in CODE_OF_PROBLEM.items()
    }


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_push_has_a_schema_that_its_example_fits(kind: NoticeKind) -> None:
    schema = json.loads((FOLDER / "push" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    example = json.loads((FOLDER / "push" / "examples" / f"{kind}.json").read_text(encoding="utf-8"))
    assert set(example) == set(schema["required"]) == set(schema["properties"])
    assert schema["additionalProperties"] is False
    assert example["type"] == schema["properties"]["type"]["const"] == kind
    for name in ("id", "seq"):
        assert re.search(schema["properties"][name]["pattern"], example[name])


def test_every_state_step_post_and_message_has_words_in_both_languages() -> None:
    for words, core in (
        (STATE_NAMES, State),
        (ACTION_NAMES, Action),
        (ROLE_NAMES, Role),
        (TEXTS, NoticeKind),
    ):
        assert set(words) == set(core)
        assert all(zh and en and zh != en for zh, en in words.values())


def test_the_schema_names_no_phone_number_and_no_reporter() -> None:
    schema = city_schema(introspection=False)._schema
    shown = {
        field
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for field in type_.fields
    }
    assert shown & {"phone", "reporter", "reporterId", "reporterName", "peopleInvolved", "addedBy"} == set()
