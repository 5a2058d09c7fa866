"""Whatever is logged says which fields it has where it is logged, and each of them is on the register."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from city_core.privacy.register import register
from tests.conftest import REPOSITORY

ROOTS = ("backend", "graphql", "workers", "seed")
LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "msg"})
# What others say goes to our log through these alone; both name the kind of an error and its place.
OPENED_UP = frozenset({"failure"})
BINDING = ("bind", "bind_contextvars", "bound_contextvars")
MAKING = ("get_logger", "getLogger")
QUIETENED = frozenset({"logs.py", "rest.py"})  # where loggers of others are told to be quiet


def files() -> Iterator[tuple[Path, ast.Module]]:
    for root in ROOTS:
        for path in sorted((REPOSITORY / root).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "structlog" in text or "logging" in text:
                yield path, ast.parse(text)


def faults_in(tree: ast.AST, known: frozenset[str]) -> Iterator[str]:
    """Name what is wrong with the log lines of a file."""
    names = set(_names_of_loggers(tree))
    if names - {"log"}:
        yield f"loggers are named log, not {sorted(names - {'log'})}"
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_log(node, names):
            yield from (f"line {node.lineno}: {fault}" for fault in _faults_of(node, known))
        elif isinstance(node, ast.Attribute) and node.attr in BINDING:
            yield f"line {node.lineno}: fields are named with each line"
        elif _is_word(node) and getattr(node.slice, "value", None) not in known:
            yield f"line {node.lineno}: a word of every line is not on the register"
        elif isinstance(node, ast.Attribute) and _is_log_method(node, names) and id(node) not in called:
            yield f"line {node.lineno}: a line is written where it is logged, by no other name"


def _is_word(node: ast.AST) -> TypeGuard[ast.Subscript]:
    is_set = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    return is_set and getattr(node.value, "attr", "") == "words"  # type: ignore[attr-defined]


def _is_log_method(made: ast.Attribute, names: set[str]) -> bool:
    return isinstance(made.value, ast.Name) and made.value.id in names and made.attr in LEVELS


def _names_of_loggers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            made = node.value.func
            if isinstance(made, ast.Attribute) and made.attr in MAKING:
                yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _is_log(call: ast.Call, names: set[str]) -> bool:
    made = call.func
    if not isinstance(made, ast.Attribute) or made.attr.removeprefix("a") not in LEVELS | {"log"}:
        return False
    if isinstance(made.value, ast.Name):
        return made.value.id in names | {"log", "logger", "logging"}
    # get_logger().info(...)
    is_made = isinstance(made.value, ast.Call) and isinstance(made.value.func, ast.Attribute)
    return is_made and made.value.func.attr in MAKING  # type: ignore[attr-defined]


def _faults_of(call: ast.Call, known: frozenset[str]) -> Iterator[str]:
    said = call.args[0] if len(call.args) == 1 else None
    texts = [said.body, said.orelse] if isinstance(said, ast.IfExp) else [said]
    if not all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts):
        yield "its event is one fixed text"
    for keyword in call.keywords:
        if keyword.arg is None and not _is_opened_up(keyword.value):
            yield "its fields are not named"
        elif keyword.arg is not None and keyword.arg not in known:
            yield f"{keyword.arg} is not on the register"


def _is_opened_up(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in OPENED_UP


def on_register() -> frozenset[str]:
    return frozenset(row.field for row in register() if row.store == "log")


def test_every_log_line_names_its_fields_and_each_is_on_the_register() -> None:
    found = {
        str(path.relative_to(REPOSITORY)): faults
        for path, tree in files()
        if path.name not in QUIETENED and (faults := list(faults_in(tree, on_register())))
    }
    assert found == {}


@pytest.mark.parametrize("line", [
    "log.info('x', phone=1)", "log.info('x', **about)", "log.info(f'{phone}')", "log.info('x %s', phone)",
    "log.warning('x', **failure_of(error))", "log.exception(said)", "log.bind(phone=phone)",
    "structlog.contextvars.bind_contextvars(phone=1)", "structlog.get_logger().info('x', phone=1)",
    "log.log(20, 'x')", "what.words['phone'] = 1", "say = log.info", "logging.warning('x', 1)",
    "own = structlog.get_logger()",
])  # fmt: skip
def test_what_would_let_a_personal_datum_through_is_seen(line: str) -> None:
    assert list(faults_in(ast.parse(f"log = structlog.get_logger()\n{line}"), on_register()))


def test_a_line_that_names_its_fields_is_good() -> None:
    good = "log = structlog.get_logger(__name__)\nlog.info('work_left', kind='x', **failure(error))"
    assert list(faults_in(ast.parse(good), on_register())) == []
