"""QR codes of signs as plain squares, black where there is one."""

from __future__ import annotations

from collections.abc import Sequence

import segno

QUIET = 4  # squares left white on each side (ISO/IEC 18004)


def qr_squares(address: str) -> Sequence[Sequence[bool]]:
    """Make the rows of a QR code without its quiet zone; it is read with a quarter of it gone (level Q)."""
    code = segno.make_qr(address, error="q", boost_error=False)
    return [[bool(cell) for cell in row] for row in code.matrix]
