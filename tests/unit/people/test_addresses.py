"""Where a request comes from: only the operator's own proxies are believed."""

from __future__ import annotations

import pytest
from litestar.connection import ASGIConnection
from litestar.testing import RequestFactory

from city_api.address import Proxies

PHONE, PROXY, LIAR = "203.0.113.7", "10.0.0.2", "198.51.100.9"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", PHONE, None, PHONE),
        ("", PHONE, LIAR, PHONE),
        ("10.0.0.0/8", PHONE, LIAR, PHONE),
        ("10.0.0.0/8", PROXY, PHONE, PHONE),
        ("10.0.0.2", PROXY, f"{LIAR}, {PHONE}", PHONE),
        ("10.0.0.0/8, 192.0.2.1", "192.0.2.1", f"{LIAR}, {PHONE} , {PROXY}", PHONE),
        ("10.0.0.0/8", PROXY, None, PROXY),
        ("10.0.0.0/8", PROXY, "nonsense", PROXY),
        ("10.0.0.0/8", PROXY, f"nonsense, {PROXY}", PROXY),
        ("10.0.0.0/8", f"::ffff:{PROXY}", f"{LIAR}, {PHONE}", PHONE),
        ("10.0.0.0/8", f"::ffff:{PHONE}", LIAR, f"::ffff:{PHONE}"),
        ("2001:db8::/32", "2001:db8::1", "2001:db9::7", "2001:db9::7"),
    ],
)
def test_the_address_is_the_last_one_that_no_proxy_of_ours_has(
    trusted: str, peer: str, forwarded: str | None, address: str
) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded is not None else {}
    request = RequestFactory(server=PROXY).get("/", headers=headers)
    request.scope["client"] = (peer, 4711)
    assert Proxies(trusted).address_of(request) == address


def test_a_connection_without_an_address_has_none() -> None:
    request = RequestFactory().get("/")
    request.scope["client"] = None
    assert Proxies("10.0.0.0/8").address_of(request) == ""


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ([("forwarded", f"for={LIAR}")], PROXY),
        ([("x-real-ip", LIAR)], PROXY),
        ([("x-client-ip", LIAR), ("true-client-ip", LIAR), ("cf-connecting-ip", LIAR)], PROXY),
        ([("x-forwarded-for", LIAR), ("x-forwarded-for", PHONE)], PHONE),
        ([("x-forwarded-for", f"{LIAR},{PHONE}"), ("x-real-ip", LIAR)], PHONE),
        ([("x-forwarded-for", f"{PHONE}:4711")], PROXY),
        ([("x-forwarded-for", f"{LIAR}, unknown")], PROXY),
        ([("x-forwarded-for", f"{LIAR}, {PROXY}," * 500 + PHONE)], PHONE),
        ([("x-forwarded-for", ",".join([PROXY] * 5_000))], PROXY),
        ([("x-forwarded-for", f"{PHONE}\x00")], PROXY),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_no_other_header_and_no_longer_chain_is_believed_on_any_path(
    kind: str, headers: list[tuple[str, str]], address: str
) -> None:
    sent = [(name.encode(), value.encode()) for name, value in headers]
    scope = {**RequestFactory().get("/").scope, "type": kind, "headers": sent, "client": (PROXY, 4711)}
    connection: ASGIConnection[object, object, object, object] = ASGIConnection(scope)  # type: ignore[arg-type]
    assert Proxies("10.0.0.0/8").address_of(connection) == address
