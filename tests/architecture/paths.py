"""Finds by reading the code which modules reach stored rows, and which rules they name."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPOSITORY

UNKNOWN = "?"  # a collection that is only known while the code runs
_ACTING = {"Actor", "Acting", "By"}


@dataclass(frozen=True)
class Module:
    """One module: the collections that it reaches, the names that it uses, and what it imports."""

    name: str
    collections: frozenset[str]
    names: frozenset[str]
    imports: frozenset[tuple[str, str]]

    @property
    def has_an_actor(self) -> bool:
        return not self.names.isdisjoint(_ACTING)


def modules_of(root: str, package: str) -> Iterator[Module]:
    """Read every module of a package."""
    for path in sorted((REPOSITORY / root / package).rglob("*.py")):
        name = ".".join(path.relative_to(REPOSITORY / root).with_suffix("").parts)
        yield _module(name, path)


def _module(name: str, path: Path) -> Module:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    named |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    imported = {(str(node.module), one.name) for node in froms for one in node.names}
    reached = frozenset(found for node in nodes if (found := _collection(node, name)) is not None)
    return Module(name, reached, frozenset(named), frozenset(imported))


def asked_by(modules: Iterable[Module]) -> set[str]:
    """Name the modules of which some others import something that reads or writes: an async function."""
    imported = set().union(*(module.imports for module in modules))
    return {module for module, name in imported if module.startswith("city_core.") and _waits(module, name)}


def _waits(module: str, name: str) -> bool:
    found = getattr(importlib.import_module(module), name, None)
    return inspect.iscoroutinefunction(found) or inspect.isasyncgenfunction(found)


def _collection(node: ast.AST, module: str) -> str | None:
    """Name the collection that `database.x` or `database[X]` is."""
    if not isinstance(node, (ast.Attribute, ast.Subscript)):
        return None
    base = node.value
    is_database = (isinstance(base, ast.Attribute) and base.attr == "database") or (
        isinstance(base, ast.Name) and base.id == "database"
    )
    if not is_database:
        return None
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    if isinstance(node.slice, ast.Name):
        return str(getattr(importlib.import_module(module), node.slice.id, UNKNOWN))
    return UNKNOWN
