"""Input that means harm is stopped at the edge: it never becomes a part of what MongoDB is asked.

Names in input are those of the schema, so no operator (`$ne`) and no path (`a.b`) is one of them. Texts hold
no NUL and no half of a pair of surrogates, numbers are finite and of 64 bits, and nothing is nested deeply.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from graphql import DocumentNode, FloatValueNode, IntValueNode, Node, StringValueNode
from litestar import Request

from city_core.kit.problems import CityProblem

MOST_NESTED = 24
MOST_VALUES = 20_000
MOST_PARAMETERS = 50
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_HARMFUL = re.compile(r"[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_FITS = range(-(2**63), 2**63)
_LONGEST_NUMBER = 40


def check_variables(variables: Any) -> None:
    """Refuse variables of which some part can be no input of this city; nothing of them is repeated."""
    waiting = [(variables, 0)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > MOST_NESTED or seen > MOST_VALUES:
            raise _refused(f"at most {MOST_VALUES:,} values, nested {MOST_NESTED} deep")
        if isinstance(value, dict):
            if not all(isinstance(name, str) and _NAME.fullmatch(name) for name in value):
                raise _refused("names of letters, digits and _")
            waiting.extend((inner, depth + 1) for inner in value.values())
        elif isinstance(value, list):
            waiting.extend((inner, depth + 1) for inner in value)
        else:
            _check_plain(value)


def _check_plain(value: Any) -> None:
    if isinstance(value, str):
        if _HARMFUL.search(value):
            raise _refused("text without NUL and without single surrogates")
    elif (isinstance(value, float) and not math.isfinite(value)) or (
        isinstance(value, int) and value not in _FITS
    ):
        raise _refused("finite numbers of 64 bits")


def fault_of_literals(document: DocumentNode) -> str | None:
    """Say which literal of a document could be no input of this city, if one is so."""
    for node in _nodes(document):
        if isinstance(node, StringValueNode) and _HARMFUL.search(node.value):
            return "Texts may hold no NUL and no single surrogates."
        if isinstance(node, FloatValueNode | IntValueNode) and not _is_number(node):
            return "Numbers must be finite and fit into 64 bits."
    return None


def _is_number(node: FloatValueNode | IntValueNode) -> bool:
    if len(node.value) > _LONGEST_NUMBER:
        return False
    is_whole = isinstance(node, IntValueNode)
    return int(node.value) in _FITS if is_whole else math.isfinite(float(node.value))


def count_directives(document: DocumentNode) -> int:
    """Count the directives in a document, those of fragments once."""
    return sum(len(getattr(node, "directives", None) or ()) for node in _nodes(document))


def _nodes(document: DocumentNode) -> Iterator[Node]:
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        yield node
        for key in node.keys:
            child = getattr(node, key, None)
            if isinstance(child, Node):
                waiting.append(child)
            elif isinstance(child, list | tuple):
                waiting.extend(one for one in child if isinstance(one, Node))


def check_address(request: Request[Any, Any, Any]) -> None:
    """Refuse an address of which the path or a parameter holds control characters, or too many of them."""
    parameters = list(request.query_params.multi_items())
    if len(parameters) > MOST_PARAMETERS:
        raise CityProblem("REQUEST_INVALID", field="query", allowed=f"at most {MOST_PARAMETERS} parameters")
    _check_texts("path", [request.scope["path"]], _CONTROL)
    # A GraphQL document in an address has lines; what it may hold is judged when it is read.
    rule = _HARMFUL if request.scope["path"] == "/graphql" else _CONTROL
    _check_texts("query", (text for pair in parameters for text in pair), rule)


def _check_texts(field: str, texts: Iterable[Any], harmful: re.Pattern[str]) -> None:
    if any(harmful.search(str(text)) for text in texts):
        raise CityProblem("REQUEST_INVALID", field=field, allowed="text without control characters")


def _refused(allowed: str) -> CityProblem:
    return CityProblem("REQUEST_INVALID", field="variables", allowed=allowed)
