"""Where a sign-in comes from, as far as it is known: limits are counted by it."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.people.devices import checked_device_id


@dataclass(frozen=True)
class Origin:
    """The phone that asks: the address of its connection, its own name for itself, the app that it runs."""

    address: str = ""
    device_id: str = ""
    app: str = ""


def origin_from(address: str, device_id: str | None, app: str) -> Origin:
    """See what a phone told about itself; a device id, if given, has to be a sound one."""
    return Origin(address, checked_device_id(device_id) if device_id is not None else "", app)


NOWHERE = Origin()
