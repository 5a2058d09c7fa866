"""Every device is reached through its own push service."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from city_core.notify.ports import Outcome, PushAddress, PushGateway, PushMessage, Rejected, Unknown
from city_core.people.push_addresses import Provider

log = structlog.get_logger(__name__)


class ByProviderGateway:
    """Parts a batch by the providers of its devices; all of them send at once, and none delays another."""

    name = "by_provider"

    def __init__(self, gateways: Mapping[Provider, PushGateway]) -> None:
        """Sends through these; a device of another provider is not reached."""
        self._gateways = gateways
        self._missing: set[Provider] = set()

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        """Sends each hint through its provider; outcomes come in the order of the batch."""
        places: dict[Provider, list[int]] = {}
        for place, (address, _) in enumerate(batch):
            places.setdefault(address.provider, []).append(place)
        parts = await asyncio.gather(
            *(self._send_part(provider, [batch[place] for place in at]) for provider, at in places.items())
        )
        outcomes: list[Outcome] = [Unknown("NOT_SENT")] * len(batch)
        for at, part in zip(places.values(), parts, strict=True):
            for place, outcome in zip(at, part, strict=True):
                outcomes[place] = outcome
        return outcomes

    async def close(self) -> None:
        """Lets go of every provider."""
        for gateway in self._gateways.values():
            await gateway.close()

    async def _send_part(
        self, provider: Provider, part: Sequence[tuple[PushAddress, PushMessage]]
    ) -> list[Outcome]:
        gateway = self._gateways.get(provider)
        if gateway is not None:
            return await gateway.send(part)
        if provider not in self._missing:
            self._missing.add(provider)
            log.error("push_provider_not_set_up", provider=provider)
        return [Rejected("PROVIDER_NOT_SET_UP") for _ in part]
