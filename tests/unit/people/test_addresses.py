"""Where a request comes from: only the operator's own proxies are believed."""

from __future__ import annotations

import pytest
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
