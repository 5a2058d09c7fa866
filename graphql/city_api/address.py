"""Where a request comes from: the connection's own address, or what a proxy of ours says about it."""

from __future__ import annotations

import ipaddress
from typing import Any

from litestar.connection import ASGIConnection

_MOST_HOPS = 20


class Proxies:
    """The reverse proxies that the operator named; nobody else's word about an address counts."""

    def __init__(self, trusted: str) -> None:
        named = [part.strip() for part in trusted.split(",") if part.strip()]
        self._networks = [ipaddress.ip_network(part, strict=False) for part in named]

    def address_of(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str:
        """Tell the address of the phone: the last one that no proxy of ours has; blank if there is none."""
        address = connection.client.host if connection.client else ""
        hops = ",".join(connection.headers.getall("x-forwarded-for", [])).split(",")
        for hop in reversed(hops[-_MOST_HOPS:]):
            if not self._is_ours(address) or not _is_address(hop.strip()):
                break
            address = hop.strip()
        return address

    def _is_ours(self, address: str) -> bool:
        if not self._networks or not _is_address(address):
            return False
        parsed = ipaddress.ip_address(address)
        if isinstance(parsed, ipaddress.IPv6Address):  # a socket for both kinds sees IPv4 as a part of IPv6
            parsed = parsed.ipv4_mapped or parsed
        return any(parsed in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
