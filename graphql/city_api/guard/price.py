"""The price of an operation: worked out of its document once, and of its variables at every request.

An object costs its weight; a list its length times the cost of one row, so that lists in lists multiply.
How long a list is, is said by `first` or `limit` of it or of the connection that it lies in, else by a table.
A fragment is priced once, however often it is spread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    ValueNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    value_from_ast_untyped,
)

from city_api.guard import weights

Variables = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Size:
    """How many rows are asked for: a number, or what a variable says."""

    rows: int
    said_by: ValueNode | None = None
    counted: str | None = None
    most: int = weights.MOST_ROWS

    def of(self, variables: Variables) -> int:
        """Count the rows; what is over the most is refused elsewhere, and nothing is priced below one row."""
        if self.said_by is None:
            return self.rows
        value = value_from_ast_untyped(self.said_by, dict(variables))
        if self.counted is not None:
            value = value.get(self.counted) if isinstance(value, dict) else None
            value = len(value) if isinstance(value, list) else Undefined
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return min(max(value if is_number else self.rows, 1), self.most)


_ONE = Size(1)


@dataclass(eq=False)
class Price:
    """What a selection costs: a number, and rows of which each costs another price."""

    points: int = 0
    parts: Counter[tuple[Size, Price]] = field(default_factory=Counter)

    def of(self, variables: Variables | None = None) -> int:
        """Work out the points for these variables."""
        return self._of(variables or {}, {})

    def _of(self, variables: Variables, known: dict[int, int]) -> int:
        if id(self) not in known:
            inner = sum(
                times * size.of(variables) * price._of(variables, known)
                for (size, price), times in self.parts.items()
            )
            known[id(self)] = self.points + inner
        return known[id(self)]

    def add(self, other: Price) -> None:
        self.points += other.points
        self.parts.update(other.parts)

    def add_rows(self, size: Size, each: Price) -> None:
        if size.said_by is None and not each.parts:
            self.points += size.rows * each.points
        else:
            self.parts[size, each] += 1


def price_of(schema: GraphQLSchema, document: DocumentNode) -> Price:
    """Work out the price of a valid document with one operation."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    [operation] = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    root = schema.get_root_type(operation.operation)
    price = Price(_BEGINNING.get(operation.operation, 0))
    price.add(_Pricing(schema, fragments, operation).of(operation.selection_set, root, None))
    return price


_BEGINNING = {OperationType.MUTATION: weights.COMMAND, OperationType.SUBSCRIPTION: weights.LOOKING_ON}


@dataclass
class _Pricing:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    operation: OperationDefinitionNode
    known: dict[tuple[str, Size | None], Price] = field(default_factory=dict)

    def of(self, selection_set: SelectionSetNode, type_: Any, asked: Size | None) -> Price:
        """Price a selection on a type; `asked` is how many rows its parent was asked for."""
        price = Price()
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                self._add_field(price, node, type_, asked)
            elif isinstance(node, InlineFragmentNode):
                on = self._named(node.type_condition) if node.type_condition else type_
                price.add(self.of(node.selection_set, on, asked))
            elif isinstance(node, FragmentSpreadNode):
                price.add(self._of_fragment(node.name.value, asked))
        return price

    def _of_fragment(self, name: str, asked: Size | None) -> Price:
        if (name, asked) not in self.known:
            fragment = self.fragments[name]
            on = self._named(fragment.type_condition)
            self.known[name, asked] = self.of(fragment.selection_set, on, asked)
        return self.known[name, asked]

    def _named(self, node: Any) -> Any:
        return self.schema.type_map[node.name.value]

    def _add_field(self, price: Price, node: FieldNode, parent: Any, asked: Size | None) -> None:
        name = node.name.value
        if name.startswith("__"):
            return
        declared: GraphQLField = parent.fields[name]
        path = f"{parent.name}.{name}"
        type_ = get_named_type(declared.type)
        price.points += weights.WEIGHTS.get(path, 0)
        if path in weights.COUNTED_INPUTS:
            price.add_rows(self._counted(node, path), Price(weights.COMMAND))
        if is_leaf_type(type_):
            return
        said = self._said_by_argument(node, declared)
        size = self._rows(path, said, asked) if is_list_type(get_nullable_type(declared.type)) else _ONE
        each = Price(1)
        if node.selection_set is not None:
            each.add(self.of(node.selection_set, type_, said if size is _ONE else None))
        price.add_rows(size, each)

    def _rows(self, path: str, said: Size | None, asked: Size | None) -> Size:
        """How long a list is: by its own argument, its parent's, or the table."""
        return said or asked or Size(weights.ROWS.get(path, weights.EMBEDDED_ROWS))

    def _said_by_argument(self, node: FieldNode, declared: GraphQLField) -> Size | None:
        name = next((name for name in weights.SIZE_ARGUMENTS if name in declared.args), None)
        if name is None:
            return None
        default = declared.args[name].default_value
        default = getattr(declared.args[name].default, "value", default)
        rows = default if isinstance(default, int) else weights.MOST_ROWS
        given = _argument(node, name)
        return Size(rows) if given is None else self._settled(Size(rows, given.value))

    def _counted(self, node: FieldNode, path: str) -> Size:
        argument, name = weights.COUNTED_INPUTS[path]
        given = _argument(node, argument)
        most = weights.MOST_COUNTED
        return Size(most) if given is None else self._settled(Size(most, given.value, name, most))

    def _settled(self, size: Size) -> Size:
        """See a size that no variable says as a number; a variable left out has its own default."""
        node: Any = size.said_by
        if getattr(node, "kind", "") == "int_value":
            return Size(size.of({}))
        variable = node.name.value if getattr(node, "kind", "") == "variable" else None
        for declared in self.operation.variable_definitions or ():
            if declared.variable.name.value == variable and declared.default_value is not None:
                otherwise = Size(size.rows, declared.default_value).of({})
                return Size(otherwise, node, size.counted, size.most)
        return size


def _argument(node: FieldNode, name: str) -> ArgumentNode | None:
    return next((given for given in node.arguments or () if given.name.value == name), None)
