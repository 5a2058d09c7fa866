"""Apps below the minimum version: refused to read, heard for a while, on every path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, OperationDefinitionNode, OperationType
from litestar import Request
from strawberry.extensions import SchemaExtension

from city_api.client_policy.policy import HEADER, app_of

_ALWAYS_SHOWN = {"clientPolicy", "__typename"}
_READING = {"GET"}
# /graphql is judged by its operation; who only asks whether the process lives has no version.
_JUDGED_ELSEWHERE = ("/graphql", "/health/")


class RefuseOldApps(SchemaExtension):
    """Refuses queries and subscriptions of old apps, and in the end their commands; never `clientPolicy`."""

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        context = execution.context
        if context is not None and execution.graphql_document is not None and context.app is not None:
            document = execution.graphql_document
            hands_in = _operation(document).operation is OperationType.MUTATION
            problem = context.edge.policies.refusal(context.app, context.now, hands_in=hands_in)
            if problem is not None and not _asks_for_the_policy(document):
                execution.pre_execution_errors = [GraphQLError(problem.code, original_error=problem)]
        yield


async def refuse_old_apps(request: Request[Any, Any, Any]) -> None:
    """Refuse photos and other downloads to old apps, and in the end their uploads."""
    app = app_of(request.headers.get(HEADER, ""))
    if app is None or request.url.path.startswith(_JUDGED_ELSEWHERE):
        return
    edge = request.app.state.edge
    hands_in = request.method not in _READING
    problem = edge.policies.refusal(app, edge.city.clock.now(), hands_in=hands_in)
    if problem is not None:
        raise problem


def _operation(document: DocumentNode) -> OperationDefinitionNode:
    return next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))


def _asks_for_the_policy(document: DocumentNode) -> bool:
    selections = _operation(document).selection_set.selections
    return all(isinstance(node, FieldNode) and node.name.value in _ALWAYS_SHOWN for node in selections)
