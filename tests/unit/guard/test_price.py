"""What operations cost: lists in lists, connections, variables, fragments; and the published ones."""

from __future__ import annotations

import re
import time
from functools import cache
from pathlib import Path

import pytest
from graphql import (
    GraphQLInt,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    parse,
    type_from_ast,
)

from city_api.guard import weights
from city_api.guard.price import price_of
from city_api.limits import DocumentReader
from city_api.schema import city_schema

FOLDER = Path(__file__).parents[3] / "mobile_contracts"
OPERATIONS = sorted((FOLDER / "operations").glob("*/*.graphql"))


def reader() -> DocumentReader:
    return city_schema(introspection=False).reader


def cost(document: str, **variables: object) -> int:
    assert reader().faults(document) == ()
    return reader().price(document).of(variables)


@pytest.mark.parametrize(
    ("document", "variables", "points"),
    [
        ("{ me { id name } }", {}, 1),
        ("{ __typename }", {}, 0),
        ("{ myTasks { nodes { id } } }", {}, 1 + 20),
        ("{ myTasks(first: 7) { nodes { id } pageInfo { hasNextPage } } }", {}, 1 + 7 + 1),
        ("query($n: Int!) { myTasks(first: $n) { nodes { id } } }", {"n": 7}, 1 + 7),
        ("query($n: Int! = 9) { myTasks(first: $n) { nodes { id } } }", {}, 1 + 9),
        ("query($n: Int! = 9) { myTasks(first: $n) { nodes { id } } }", {"n": 3}, 1 + 3),
        ("query($n: Int!) { myTasks(first: $n) { nodes { id } } }", {"n": 1_000_000}, 1 + 100),
        ("query($n: Int!) { myTasks(first: $n) { nodes { id } } }", {"n": -5}, 1 + 1),
        ("query($n: Int!) { myTasks(first: $n) { nodes { id } } }", {"n": "7"}, 1 + 20),
        ("{ myTasks(first: 7) { nodes { history { action } } } }", {}, 1 + 7 * (1 + 10)),
        ("{ myTasks(first: 7) { nodes { requests { reviews { __typename } } } } }", {}, 1 + 7 * 7),
        ("{ a: myTasks(first: 7) { ...F } b: myTasks(first: 2) { ...F } } fragment F on TaskConnection"
         " { nodes { id } }", {}, 2 + 7 + 2),
        ("{ mapView(bounds: {west: 1, south: 1, east: 2, north: 2}, zoom: 3) { __typename } }", {}, 101),
        ("mutation { signOut { __typename } }", {}, weights.COMMAND + 1),
    ],
)  # fmt: skip
def test_an_operation_costs_what_it_shows(document: str, variables: dict[str, object], points: int) -> None:
    assert cost(document, **variables) == points


def test_each_command_of_a_batch_is_paid_for() -> None:
    document = (FOLDER / "operations" / "citizen" / "RunCommands.graphql").read_text(encoding="utf-8")
    few, many = ({"input": {"commands": [{}] * count}} for count in (1, 50))
    assert cost(document, **many) - cost(document, **few) == 49 * weights.COMMAND


def test_fragments_that_multiply_are_priced_at_once() -> None:
    chain = " ".join(f"fragment F{n} on Case {{ ...F{n + 1} ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    text = f"query($n: Int!) {{ cases(first: $n) {{ nodes {{ ...F0 }} }} }} {chain}"
    text += " fragment F40 on Case { history { action } }"
    document = parse(text)
    started = time.perf_counter()
    points = price_of(city_schema(introspection=False)._schema, document).of({"n": 100})
    assert time.perf_counter() - started < 1
    assert points == 1 + 100 * (1 + 3**40 * 10)


def test_every_weight_is_of_a_field() -> None:
    types = city_schema(introspection=False)._schema.type_map
    for path in (*weights.ROWS, *weights.WEIGHTS, *weights.COUNTED_INPUTS):
        type_name, field = path.split(".")
        type_ = types[type_name]
        assert isinstance(type_, GraphQLObjectType) and field in type_.fields, path


@cache
def _costs() -> dict[tuple[str, str], tuple[int, int]]:
    """The cost of each published operation as it comes, and with every number at its most."""
    schema = city_schema(introspection=False)._schema
    found = {}
    for file in OPERATIONS:
        text = file.read_text(encoding="utf-8")
        [operation] = [d for d in parse(text).definitions if isinstance(d, OperationDefinitionNode)]
        numbers = {
            declared.variable.name.value: weights.MOST_ROWS
            for declared in operation.variable_definitions or ()
            if get_named_type(type_from_ast(schema, declared.type)) is GraphQLInt
        }
        price = reader().price(text)
        found[file.parent.name, file.stem] = price.of({}), price.of(numbers)
    return found


def test_every_published_operation_fits_at_its_most() -> None:
    for (app, name), (_, most) in _costs().items():
        limit = weights.MOST_COST_ANYBODY if app == "citizen" else weights.MOST_COST_STAFF
        assert most <= limit, f"{app}/{name} costs {most}"


def test_the_page_tells_what_the_dear_operations_cost() -> None:
    page = (FOLDER / "limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([\d,]+) \| ([\d,]+) \|$", page, re.MULTILINE)
    told = {(app, name): (_number(usual), _number(most)) for name, app, usual, most in rows}
    dear = {key: points for key, points in _costs().items() if points[1] >= 150}
    assert told == dear, "\n".join(
        f"| `{name}` | {app} | {usual:,} | {most:,} |" for (app, name), (usual, most) in sorted(dear.items())
    )


def _number(text: str) -> int:
    return int(text.replace(",", ""))
