"""Answers packed on their way, once there is enough of them to be worth it."""

from __future__ import annotations

from litestar.config.compression import CompressionConfig
from litestar.middleware.compression import CompressionMiddleware
from litestar.types import HTTPResponseStartEvent, Message, Scope, Send

_WORTH_PACKING_BYTES = 1_024
_LEVEL = 6


class LateCompression(CompressionMiddleware):
    """Packs as its parent does, but takes the memory for it when the answer is there, not with the question.

    A packer holds up to 260 KB, which a short answer never needs and a waiting request not yet.
    """

    def create_compression_send_wrapper(self, send: Send, compression_encoding: str, scope: Scope) -> Send:
        """Wrap `send`: short answers go as they are, all others through the packer of the parent."""
        make = super().create_compression_send_wrapper
        held: list[HTTPResponseStartEvent] = []
        chosen: list[Send] = []

        async def pass_on(message: Message) -> None:
            if not chosen and message["type"] == "http.response.start":
                held.append(message)
                return
            if not chosen:
                chosen.append(send if self._is_short(message) else make(send, compression_encoding, scope))
                for start in held:
                    await chosen[0](start)
            await chosen[0](message)

        return pass_on

    def _is_short(self, message: Message) -> bool:
        if message["type"] != "http.response.body" or message.get("more_body"):
            return False
        return len(message["body"]) < self.config.minimum_size


def compressed_but_for(*paths: str) -> CompressionConfig:
    """Pack all answers but those of some paths, given as patterns."""
    return CompressionConfig(
        "gzip", minimum_size=_WORTH_PACKING_BYTES, gzip_compress_level=_LEVEL, exclude=list(paths),
        middleware_class=LateCompression,
    )  # fmt: skip
