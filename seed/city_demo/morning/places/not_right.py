"""Something that is shown of places is not as it should be."""

from __future__ import annotations


class NotRight(Exception):
    """The city answered, but not what it should have; the message says what it was, in one sentence."""


def expect(holds: bool, sentence: str) -> None:
    """Raise NotRight with a sentence unless something holds."""
    if not holds:
        raise NotRight(sentence)
