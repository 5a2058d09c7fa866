"""Who asks how far an upload has come hears of all that was sent before, even over a link that broke."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from city_api.pressure.patience import Patience

_GRACE_SECONDS = 0.3
_LONGEST_SECONDS = 2.0


class Sending:
    """One request that sends bytes; a later question of the same phone lets it wait no longer for more."""

    def __init__(self) -> None:
        self.patience = Patience()
        self.is_over = asyncio.Event()


class Turns:
    """Knows the requests that send bytes to this process, by the upload that they name."""

    def __init__(self) -> None:
        self._sendings: dict[str, list[Sending]] = {}

    @contextlib.contextmanager
    def sending(self, upload_id: str) -> Iterator[Sending]:
        """Let a request send bytes, from its first moment on: those that asked later wait for it."""
        sending, others = Sending(), self._sendings.setdefault(upload_id, [])
        others.append(sending)
        try:
            yield sending
        finally:
            sending.is_over.set()
            others.remove(sending)
            if not others and self._sendings.get(upload_id) is others:
                del self._sendings[upload_id]

    async def end(self, upload_id: str) -> bool:
        """Let earlier requests keep what has come and end; True if there were any.

        Their phone asks anew, so their link is gone, whether or not this process has heard of that: what is
        on its way still comes in, but nobody waits for more. It is no lock: of two that go on at one offset
        the conditional write takes one.
        """
        sendings = list(self._sendings.get(upload_id, ()))
        if not sendings:
            return False
        for sending in sendings:
            sending.patience.send_home(_GRACE_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_SECONDS):
                await asyncio.gather(*(sending.is_over.wait() for sending in sendings))
        return True
