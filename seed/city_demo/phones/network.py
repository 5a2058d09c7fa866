"""The way from the phones to the city: few connections, kept open."""

from __future__ import annotations

import httpx

_ANSWER_LIMIT_S = 60.0


def open_network(connections: int = 8) -> httpx.AsyncClient:
    """Open a way that many phones share."""
    limits = httpx.Limits(
        max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=4.0
    )
    # A server closes idle connections after 5 s: a phone that lets go first never writes into a closed one.
    timeout = httpx.Timeout(_ANSWER_LIMIT_S, pool=None)
    return httpx.AsyncClient(limits=limits, timeout=timeout, trust_env=False)
