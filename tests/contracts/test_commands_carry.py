"""What every command of a phone carries, so that it can be repeated, put in order and compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from graphql import (
    FieldNode,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    get_named_type,
    is_non_null_type,
    parse,
)

FOLDER = Path(__file__).parents[2] / "mobile_contracts"
APPS = ("inspector", "officer", "citizen")
CARRIED = {"clientId": "ID", "deviceTime": "DateTime", "baseVersion": "Int"}

_SECRET = "what is shown there is not written down, not even as a mark"
WITHOUT: Mapping[str, str] = {
    "requestCode": "nobody is signed in; repeated by the same device within a minute it sends no second code",
    "signIn": _SECRET,
    "signInWithCode": _SECRET,
    "signInWithWechat": _SECRET,
    "signInWithClaim": _SECRET,
    "bindPhone": _SECRET + "; done already it stays done",
    "collectPoints": _SECRET + "; its requestId lets it be repeated",
    "refreshSignIn": "the refresh token names the one thing asked for; it may be shown again for 60 s",
    "signOut": "it has no input, and ends what has ended already",
    "signOutEverywhere": "it has no input, and ends what has ended already",
    "runCommands": "it is the envelope: each command in it carries them",
}  # fmt: skip


def _schema() -> GraphQLSchema:
    return build_schema((FOLDER / "schema.graphql").read_text(encoding="utf-8"))


def _commands_of_phones() -> set[str]:
    found = set()
    for app in APPS:
        for file in (FOLDER / "operations" / app).glob("*.graphql"):
            for node in parse(file.read_text(encoding="utf-8")).definitions:
                if isinstance(node, OperationDefinitionNode) and node.operation is OperationType.MUTATION:
                    fields = node.selection_set.selections
                    found |= {field.name.value for field in fields if isinstance(field, FieldNode)}
    return found


def _lacking(schema: GraphQLSchema, input_type: str) -> list[str]:
    """Name what an input does not carry, or carries under another type; only the id may be required."""
    given = schema.type_map[input_type]
    assert isinstance(given, GraphQLInputObjectType)
    lacking = []
    for name, type_name in CARRIED.items():
        field = given.fields.get(name)
        is_required = field is not None and name != "clientId" and is_non_null_type(field.type)
        if field is None or is_required or get_named_type(field.type).name != type_name:
            lacking.append(name)
    return lacking


def _input_of(schema: GraphQLSchema, command: str) -> str | None:
    assert schema.mutation_type is not None
    argument = schema.mutation_type.fields[command].args.get("input")
    return None if argument is None else get_named_type(argument.type).name


def test_every_command_of_a_phone_carries_its_id_its_time_and_its_base() -> None:
    schema = _schema()
    inputs = {name: _input_of(schema, name) for name in _commands_of_phones() - set(WITHOUT)}
    found = {name: _lacking(schema, given) if given else ["input"] for name, given in inputs.items()}
    assert {name: lacking for name, lacking in found.items() if lacking} == {}
    assert _lacking(schema, "QueuedCommandInput") == []


def test_what_carries_none_of_it_is_used_and_still_without() -> None:
    schema = _schema()
    assert set(WITHOUT) <= _commands_of_phones()
    for name in WITHOUT:
        given = _input_of(schema, name)
        assert given is None or "clientId" in _lacking(schema, given), f"{name} carries an id by now"


def test_what_can_be_queued_is_a_command_that_carries_it() -> None:
    schema = _schema()
    queued = schema.type_map["QueuedDoInput"]
    assert isinstance(queued, GraphQLInputObjectType)
    lacking = {
        name: _lacking(schema, get_named_type(field.type).name) for name, field in queued.fields.items()
    }
    assert {name: fields for name, fields in lacking.items() if fields} == {}
