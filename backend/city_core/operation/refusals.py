"""What an operator is refused: one sentence that says why, and what to do."""

from __future__ import annotations


class OperationRefused(Exception):
    """The city does not do that now; nothing was changed."""
