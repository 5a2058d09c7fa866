"""The rule of every route, one row each (`routes.csv`): a route without one keeps the API from starting.

Beside posts a rule names what else vouches for a request: `LINK` a signed link, `UPLOAD_TOKEN` the right to
send one photo, `MACHINE_KEY` the key of a source; `BY_FIELD` leaves it to the fields that are asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import ASGIRouteHandler, BaseRouteHandler
from litestar.routes import ASGIRoute, HTTPRoute, WebSocketRoute

from city_api.context import bearer_token
from city_api.policy.rules import PolicyIncomplete
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.policy.posts import audience

ROUTES = Path(__file__).with_name("routes.csv")
PROOFS = frozenset({"LINK", "UPLOAD_TOKEN", "MACHINE_KEY", "BY_FIELD"})
ANY_METHOD, SOCKET = "*", "WEBSOCKET"
# Whoever is merely to be signed in is found by the handler, which needs to know them: maps are asked often.
_FOUND_BY_THE_HANDLER = frozenset({"ANYONE", "SIGNED_IN"})
_MAP = frozenset({"/map/changes", "/map/view", "/map/tiles/{zoom}/{column}/{file}"})
Route = tuple[str, str]


@cache
def route_rules() -> Mapping[Route, str]:
    """Read the rule of every route by its path and method."""
    with ROUTES.open(encoding="utf-8", newline="") as file:
        return {(row["path"], row["method"]): row["rule"] for row in csv.DictReader(file)}


def routes_of(app: Litestar) -> set[Route]:
    """List what an app answers; OPTIONS says nothing but which methods there are."""
    found: set[Route] = set()
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            found |= {(route.path_format, method) for method in route.methods if method != "OPTIONS"}
        elif isinstance(route, WebSocketRoute):
            found.add((route.path_format, SOCKET))
        elif isinstance(route, ASGIRoute):
            found.add((route.path_format, ANY_METHOD))
    return found


def check_routes(app: Litestar) -> None:
    """Refuse an app with a route without a rule, a rule without a route, or a word that is no rule."""
    rules, routes = route_rules(), routes_of(app)
    if routes != set(rules):
        without, gone = sorted(routes - set(rules)), sorted(set(rules) - routes)
        raise PolicyIncomplete(f"policy/routes.csv: no rule for {without}, no route for {gone}")
    for rule in rules.values():
        _posts(rule)


async def ask_rule(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a request whose sender is on another post than its route is for, before its body is read."""
    if isinstance(handler, ASGIRouteHandler):  # tus tells refusals in its own way
        return
    rule = _rule_of(connection)
    posts = _posts(rule)
    authorization = connection.headers.get("authorization", "")
    if posts is None or posts in _FOUND_BY_THE_HANDLER or _is_vouched_for(rule, authorization):
        return
    if connection.scope.get("path_template", "") in _MAP:
        return
    audience(posts).check(await connection.app.state.edge.actor_of(bearer_token(authorization)))


def check_post(path: str, method: str, actor: Actor) -> None:
    """Refuse whoever is on another post than a route is for: for handlers that find the sender themselves."""
    posts = _posts(route_rules()[path, method])
    if posts is not None:
        audience(posts).check(actor)


def _rule_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    path = connection.scope.get("path_template", "")
    method = str(connection.scope.get("method", SOCKET))
    rule = route_rules().get((path, method))
    if rule is None and method == "OPTIONS":
        return "ANYONE"
    if rule is None:
        raise CityProblem("NOT_ALLOWED")
    return rule


def _posts(rule: str) -> str | None:
    posts = " ".join(word for word in rule.split() if word not in PROOFS)
    if posts:
        audience(posts)
    return posts or None


def _is_vouched_for(rule: str, authorization: str) -> bool:
    return "UPLOAD_TOKEN" in rule.split() and authorization.lower().startswith("upload ")
