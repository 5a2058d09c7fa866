"""What a GraphQL document may ask for, and the reading of documents: parsed and judged once, then remembered.

Strawberry's stock limits are rebuilt for every request, which defeats its caches, and they walk a fragment
again for every spread, which a short document can make last for ever. Here each fragment is counted once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    NameNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension

from city_api.guard.hostile import count_directives, fault_of_literals
from city_api.guard.price import Price, price_of
from city_core.kit.problems import CityProblem

MOST_DEPTH = 8
MOST_ALIASES = 15
MOST_REPEATS = 15
MOST_DIRECTIVES = 10
MOST_TOKENS = 1000
MOST_CHARACTERS = 20_000
_REMEMBERED = 512


class Excess(GraphQLError):
    """A document that is one of this schema, and asks for more than any document may."""


class ReadDocument(str):
    """The text of a document together with what reading it gave; faults keep it from being executed."""

    document: DocumentNode | None
    faults: tuple[GraphQLError, ...]
    price: Price | None

    def __new__(
        cls,
        text: str,
        document: DocumentNode | None,
        faults: tuple[GraphQLError, ...] = (),
        price: Price | None = None,
    ) -> ReadDocument:
        read = super().__new__(cls, text)
        read.document, read.faults, read.price = document, faults, price
        return read


def refused_document(error: GraphQLError, text: str = "{ __typename }") -> ReadDocument:
    """Make a document that stands for one that cannot be had: asking for it is answered with the error."""
    return ReadDocument(text, None, (error,))


def _in_its_place(operation_name: str | None) -> DocumentNode:
    # Strawberry looks the operation up by its name before it tells what is wrong with the document.
    operation = OperationDefinitionNode(
        operation=OperationType.QUERY,
        name=NameNode(value=operation_name) if operation_name is not None else None,
        selection_set=SelectionSetNode(selections=(FieldNode(name=NameNode(value="__typename")),)),
    )
    return DocumentNode(definitions=(operation,))


@dataclass
class DocumentReader:
    """Reads documents for one schema; `introspection` says whether they may ask about the schema itself."""

    schema: GraphQLSchema
    introspection: bool

    def __post_init__(self) -> None:
        hidden = [] if self.introspection else [NoSchemaIntrospectionCustomRule]
        self._rules = (*specified_rules, *hidden)
        self.parsed = lru_cache(_REMEMBERED)(self._parse)
        self.faults = lru_cache(_REMEMBERED)(self._faults)
        self.price = lru_cache(_REMEMBERED)(self._price)

    def read(self, text: str) -> ReadDocument:
        """Read a text, unless it was read already."""
        if isinstance(text, ReadDocument):
            return text
        try:
            faults = self.faults(text)
            price = None if faults else self.price(text)
            return ReadDocument(text, self.parsed(text), tuple(map(self._as_told, faults)), price)
        except GraphQLError as error:
            return refused_document(self._as_told(error), text)

    def trusted(self, text: str) -> ReadDocument:
        """Read a document that was found to be without fault."""
        return ReadDocument(text, self.parsed(text), price=self.price(text))

    def _as_told(self, fault: GraphQLError) -> GraphQLError:
        """In production every document that is no document of this schema gets the same answer."""
        if self.introspection or isinstance(fault, Excess):
            return fault
        return GraphQLError("invalid", original_error=CityProblem("DOCUMENT_INVALID"))

    def _price(self, text: str) -> Price:
        return price_of(self.schema, self.parsed(text))

    def _parse(self, text: str) -> DocumentNode:
        return parse(text, max_tokens=MOST_TOKENS, max_source_length=MOST_CHARACTERS)

    def _faults(self, text: str) -> tuple[GraphQLError, ...]:
        # One fault is enough; suggestions would rebuild the schema for whoever guesses names.
        document = self.parsed(text)
        errors = validate(self.schema, document, self._rules, max_errors=1, hide_suggestions=True)
        if errors:
            return (errors[0],)
        reason = excess(document) or fault_of_literals(document)
        return (Excess(reason),) if reason else ()


class RememberDocuments(SchemaExtension):
    """Has documents read before strawberry would: trusted ones at the start, texts when they first come."""

    def __init__(self, reader: DocumentReader) -> None:
        self._reader = reader

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context
        if context.query:
            read = self._reader.read(context.query)
            context.query = read
            context.graphql_document = read.document or _in_its_place(context.operation_name)
            context.pre_execution_errors = list(read.faults)
        yield


@dataclass
class _Size:
    depth: int = 0
    aliases: int = 0
    repeats: int = 0


@dataclass
class _Measure:
    fragments: dict[str, FragmentDefinitionNode]
    known: dict[str, _Size] = field(default_factory=dict)

    def of(self, selection_set: SelectionSetNode | None) -> _Size:
        nodes = selection_set.selections if selection_set else ()
        names = [node.name.value for node in nodes if isinstance(node, FieldNode) and node.alias is None]
        size = _Size(repeats=len(names) - len(set(names)))
        for node in nodes:
            inner = self._of_fragment(node) if isinstance(node, FragmentSpreadNode) else self._of_node(node)
            size.depth = max(size.depth, inner.depth)
            size.aliases += inner.aliases
            size.repeats += inner.repeats
        return size

    def _of_node(self, node: object) -> _Size:
        selection_set: SelectionSetNode | None = getattr(node, "selection_set", None)
        size = self.of(selection_set)
        if isinstance(node, FieldNode):
            is_introspection = node.name.value.startswith("__")
            size.depth = 0 if is_introspection else size.depth + (selection_set is not None)
            size.aliases += node.alias is not None
        return size

    def _of_fragment(self, spread: FragmentSpreadNode) -> _Size:
        name = spread.name.value
        if name not in self.known:
            self.known[name] = self.of(self.fragments[name].selection_set)
        return self.known[name]


def excess(document: DocumentNode) -> str | None:
    """Say what a valid document asks too much of, if anything."""
    definitions = document.definitions
    fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
    measure = _Measure(fragments)
    operations = [d for d in definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) > 1:
        return "One operation a document."
    directives = count_directives(document)
    if directives > MOST_DIRECTIVES:
        return f"The document has {directives} directives; at most {MOST_DIRECTIVES} are allowed."
    for operation in operations:
        size = measure.of(operation.selection_set)
        if size.depth > MOST_DEPTH:
            return f"The operation is nested {size.depth} deep; at most {MOST_DEPTH} is allowed."
        if size.aliases > MOST_ALIASES:
            return f"The operation has {size.aliases} aliases; at most {MOST_ALIASES} are allowed."
        if size.repeats > MOST_REPEATS:
            return f"The operation repeats {size.repeats} fields; at most {MOST_REPEATS} are allowed."
        if operation.operation is OperationType.MUTATION and not _is_one_field(operation.selection_set):
            return "One command a request: a mutation holds exactly one field."
    return None


def _is_one_field(selection_set: SelectionSetNode) -> bool:
    return len(selection_set.selections) == 1 and isinstance(selection_set.selections[0], FieldNode)
