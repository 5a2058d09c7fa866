"""A bad network: a TCP proxy that breaks connections, swallows answers and takes its time."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType

_CHUNK_BYTES = 16_384


class LossyLink:
    """Stands between a phone and a server; what it does to them can be changed at any time.

    `cut_after_bytes`: each connection breaks once so many bytes of the phone have gone through; the server
    still gets them. `drop_answers`: so many of the next answers never reach the phone.
    `cut_answer_after_bytes`: each connection breaks once so many bytes of answers have gone through.
    `delay_seconds`: how long every piece takes, each way.
    """

    def __init__(
        self,
        target: str,
        *,
        cut_after_bytes: int | None = None,
        cut_answer_after_bytes: int | None = None,
        drop_answers: int = 0,
        delay_seconds: float = 0.0,
    ) -> None:
        host, port = target.removeprefix("http://").rstrip("/").split(":")
        self._target = (host, int(port))
        self.cut_after_bytes = cut_after_bytes
        self.cut_answer_after_bytes = cut_answer_after_bytes
        self.drop_answers = drop_answers
        self.delay_seconds = delay_seconds
        self.connections = 0
        self.cuts = 0
        self.dropped = 0
        self.bytes_sent = 0
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> LossyLink:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def address(self) -> str:
        """The address that the phone is given."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        self.connections += 1
        server, to_server = await asyncio.open_connection(*self._target)
        pumps = [
            asyncio.create_task(self._carry_up(phone, to_server)),
            asyncio.create_task(self._carry_down(server, to_phone)),
        ]
        try:
            with contextlib.suppress(asyncio.CancelledError):  # the link itself is taken away
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            to_phone.transport.abort()  # the phone sees a reset, as when the network goes
            to_server.close()

    async def _carry_up(self, phone: asyncio.StreamReader, to_server: asyncio.StreamWriter) -> None:
        carried = 0
        while True:
            left = _CHUNK_BYTES if self.cut_after_bytes is None else self.cut_after_bytes - carried
            if left <= 0:
                self.cuts += 1
                return
            data = await phone.read(min(_CHUNK_BYTES, left))
            if not data:
                return
            await asyncio.sleep(self.delay_seconds)
            carried += len(data)
            self.bytes_sent += len(data)
            to_server.write(data)
            await to_server.drain()

    async def _carry_down(self, server: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        carried = 0
        while data := await server.read(_CHUNK_BYTES):
            if self.drop_answers > 0:
                self.drop_answers -= 1
                self.dropped += 1
                return
            await asyncio.sleep(self.delay_seconds)
            if self.cut_answer_after_bytes is not None:
                data = data[: self.cut_answer_after_bytes - carried]
            carried += len(data)
            to_phone.write(data)
            await to_phone.drain()
            if carried == self.cut_answer_after_bytes:
                self.cuts += 1
                return
