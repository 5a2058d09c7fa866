"""What OWASP's list for GraphQL asks, tried as everybody: each check tells what it found, or nothing."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from city_api.limits import MOST_DEPTH
from tests.api.support import new_uuid, operation
from tests.api.test_hostile_input import ADDRESSES
from tests.attack.judging import Heard
from tests.attack.town import PEOPLE, Town
from tests.integration.push_services import test_web_push

ELSEWHERE = "https://elsewhere.example"
_SIMPLE_KINDS = (
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "application/graphql", "text/plain; application/json", "",
)  # fmt: skip
# What servers of this kind, or careless builds of them, have open unless somebody closes it.
_DOORS = (
    "/schema", "/schema/openapi.json", "/schema/swagger", "/openapi.json", "/docs", "/redoc", "/metrics",
    "/debug", "/admin", "/console", "/graphql/schema", "/schema.graphql", "/voyager", "/.env", "/.git/config",
    "/server-status", "/actuator", "/saq", "/jobs", "/health", "/static/../app.py", "/map/page/../../app.py",
)  # fmt: skip
_COMMAND = json.dumps({"query": "mutation { signOut { __typename } }"})
_REFUSED = range(400, 500)
_PAGES = (
    b"<html><script>alert(1)</script></html>",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"GIF89a;<?php",
)
_BROWSER = {"p256dh": base64.urlsafe_b64encode(b"\x04" + b"x" * 64).decode(), "auth": "x" * 22}
Check = Callable[[Town, str], Awaitable[str | None]]


async def nested_too_deep(town: Town, actor: str) -> str | None:
    """A document deeper than any app's."""
    for depth in (MOST_DEPTH + 1, 200):
        text = "{ me " * depth + "{ id }" + " }" * depth
        told = await town.target(town.behind, actor).post(text)
        if not _codes(told):
            return f"{depth} deep was answered: {told.text[:200]}"
    return None


async def too_much_at_once(town: Town, actor: str) -> str | None:
    """Longer pages than there are, and dear lists under many names."""
    target = town.target(town.behind, actor)
    for first in (101, 2**31 - 1, -1):
        told = await target.post(f"{{ cases(first: {first}) {{ nodes {{ id }} }} }}")
        if not _codes(told):
            return f"a page of {first} was answered"
    many = " ".join(f"c{n}: cases(first: 100) {{ nodes {{ history {{ action }} }} }}" for n in range(15))
    told = await target.post(f"{{ {many} }}")
    return None if _codes(told) else "lists in lists under 15 names were answered"


async def places_in_lists(town: Town, actor: str) -> str | None:
    """Cursors that nobody gave out."""
    made_up = ["x", "", "a\u0000", "-1", "__proto__", "W" * 4_000]
    made_up += [base64.urlsafe_b64encode(raw).decode() for raw in (b"[null]", b'[{"$gt":""},"x"]', b"\xff")]
    for after in made_up:
        body = {"query": "query($a: String) { cases(after: $a) { nodes { id } } }", "variables": {"a": after}}
        _, fault = await town.send(town.behind, actor, json.dumps(body).encode(), after)
        if fault is not None:
            return fault
    return None


async def open_doors(town: Town, actor: str) -> str | None:
    """Pages, documents and figures that are for operators or developers."""
    for path in _DOORS:
        answer = await town.target(town.production, actor).get(path)
        if answer.status_code not in _REFUSED:
            return f"{path} answered {answer.status_code}"
    return None


async def pages_elsewhere(town: Town, actor: str) -> str | None:
    """Commands that the page of somebody else can have a browser send; leave to read the answer."""
    api, headers = town.production, {**town.headers[actor], "origin": ELSEWHERE}
    for kind in _SIMPLE_KINDS:
        more = {"content-type": kind} if kind else {}
        answer = await api.http.post("/graphql", content=_COMMAND, headers={**headers, **more})
        if answer.status_code != 415:
            return f"a command as {kind or 'nothing'} answered {answer.status_code}"
    asking = {**headers, "access-control-request-method": "POST"}
    for answer in (
        await api.http.request("OPTIONS", "/graphql", headers=asking),
        await api.http.get("/graphql", headers=headers),
        await api.http.get("/health/live", headers=headers),
    ):
        if told := [name for name in answer.headers if name.startswith("access-control-")]:
            return f"{told} to {ELSEWHERE}"
    return None


async def careless_headers(town: Town, actor: str) -> str | None:
    """Answers that are kept, guessed at, that set a cookie, or that say by which program they were made."""
    answer = await town.target(town.production, actor).post("{ me { id } }")
    found = answer.headers
    if found.get("x-content-type-options") != "nosniff" or "no-store" not in found.get("cache-control", ""):
        return f"without nosniff or no-store: {dict(found)}"
    told = {"set-cookie", "server", "x-powered-by"} & set(found)
    return f"says too much: {sorted(told)}" if told else None


async def more_than_is_asked(town: Town, actor: str) -> str | None:
    """Fields in an input that are nobody's to give."""
    given = {"deviceId": "device-0001", "addressKind": "TOKEN", "address": "a" * 40, "platform": "android"}
    for more in ({"role": "ADMINISTRATOR"}, {"personId": "leader-1"}, {"_id": "x"}, {"disabled": False}):
        body = {"query": operation("officer", "RegisterDevice"), "variables": {"input": {**given, **more}}}
        answer = await town.target(town.behind, actor).post_json(body)
        if not _codes(answer):
            return f"{more} was taken: {answer.text[:200]}"
    return None


async def addresses_to_call(town: Town, actor: str) -> str | None:
    """Addresses that the city would call later: of its own network, or of whoever likes to be called."""
    before = await town.development.city.database.devices.count_documents({})
    for url in bad_push_endpoints():
        given = {"deviceId": "device-0009", "addressKind": "SUBSCRIPTION", "address": url, "platform": "web",
                 "provider": "WEBPUSH", "keys": _BROWSER}  # fmt: skip
        body = {"query": operation("officer", "RegisterDevice"), "variables": {"input": given}}
        answer = await town.target(town.behind, actor).post_json(body)
        if '"Done"' in answer.text:
            return f"{url} was taken"
        if fault := town.judge(actor, Heard.of(answer, 0), json.dumps(body)):
            return fault
    after = await town.development.city.database.devices.count_documents({})
    return f"{after - before} addresses were stored" if after != before else None


async def files_that_are_none(town: Town, actor: str) -> str | None:
    """Pages and scripts as photos, and files that are too large."""
    http, headers = town.production.http, town.headers[actor]
    for content in (*_PAGES, b"\xff\xd8\xff" + b"\x00" * 300_000):
        sent = {**headers, "content-type": "image/jpeg"}
        answer = await http.put(f"/media/{new_uuid().replace('-', '')}", content=content, headers=sent)
        if answer.status_code not in _REFUSED:
            return f"{content[:20]!r} answered {answer.status_code} {answer.text[:200]}"
        if fault := town.judge(actor, Heard.of(answer, 0), ""):
            return fault
    return None


async def hostile_addresses(town: Town, actor: str) -> str | None:
    """Every address of HTTP with operators, NUL, huge numbers."""
    for method, path in ADDRESSES:
        began = time.perf_counter()
        headers = {**town.headers[actor], "accept": "application/json"}
        answer = await town.production.http.request(method, path, headers=headers)
        fault = town.judge(actor, Heard.of(answer, time.perf_counter() - began), path)
        if fault is not None:
            return f"{method} {path}: {fault}"
        if answer.status_code not in _REFUSED:
            return f"{method} {path} answered {answer.status_code}"
    return None


async def signed_in_by_nothing(town: Town, actor: str) -> str | None:
    """Whoever's sign-in does not stand is nobody; everybody else is who they are."""
    answer = await town.target(town.behind, actor).post("{ me { id } }")
    said = (answer.json().get("data") or {}).get("me")
    if (actor in PEOPLE) != bool(said):
        return f"told {answer.text[:200]}"
    return None if not said or said["id"] == PEOPLE[actor] else f"taken for {said['id']}"


CHECKS: Mapping[str, Check] = {
    "nested too deep": nested_too_deep,
    "too much at once": too_much_at_once,
    "places in lists": places_in_lists,
    "open doors": open_doors,
    "pages elsewhere": pages_elsewhere,
    "careless headers": careless_headers,
    "more than is asked": more_than_is_asked,
    "addresses to call": addresses_to_call,
    "files that are none": files_that_are_none,
    "hostile addresses": hostile_addresses,
    "sign-ins": signed_in_by_nothing,
}


def bad_push_endpoints() -> list[str]:
    """Give the addresses that the suite knows as those that must not be called."""
    [marked] = test_web_push.test_nothing_is_sent_anywhere_else.pytestmark  # type: ignore[attr-defined]
    return [
        *map(str, marked.args[1]),
        "https://169.254.169.254/x",
        "https://0x7f000001/x",
        "gopher://x/12345",
    ]


def _codes(answer: httpx.Response) -> list[str]:
    found: list[Any] = answer.json().get("errors") or []
    return [str(error["extensions"]["code"]) for error in found]
