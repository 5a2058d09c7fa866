"""Where the hints of a device go."""

from __future__ import annotations

from city_core.kit.mongo import Row
from city_core.notify.ports import PushAddress


def address_of(device: Row) -> PushAddress:
    """Read the push address of a stored device; one from before there were several providers is FCM's."""
    return PushAddress(
        kind=device["address_kind"],
        value=device["address"],
        provider=device.get("provider") or "fcm",
        keys=device.get("keys") or {},
    )
