"""What an attack found: one cell for each check and actor, and a table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

_MOST_SHOWN = 5
_SENT = " <- "
_MOST_CHARACTERS = 400


@dataclass
class Report:
    """Cells by check and actor: nothing where it was clean, else what was found."""

    cells: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    figures: list[str] = field(default_factory=list)

    def note(self, check: str, actor: str, found: str | None) -> None:
        """Note that a check was made as somebody, and what it found, if anything."""
        cell = self.cells.setdefault((check, actor), [])
        if found is not None:
            cell.append(found)

    @property
    def findings(self) -> list[str]:
        """Every finding in a line of its own, the first few of each cell that differ in what was told."""
        return [
            f"{check} / {actor}: {found[:_MOST_CHARACTERS]}"
            for (check, actor), cell in self.cells.items()
            for found in list({found.partition(_SENT)[0]: found for found in cell}.values())[:_MOST_SHOWN]
        ]

    def table(self, actors: Sequence[str]) -> str:
        """Write checks as lines and actors as columns: clean, how much was found, or nothing if not asked."""
        checks = list(dict.fromkeys(check for check, _ in self.cells))
        width = max((len(check) for check in checks), default=0)
        columns = [max(len(actor), len("clean")) for actor in actors]
        lines = [_line("", width, actors, columns)]
        for check in checks:
            words = [self._word(check, actor) for actor in actors]
            lines.append(_line(check, width, words, columns))
        return "\n".join(lines)

    def _word(self, check: str, actor: str) -> str:
        cell = self.cells.get((check, actor))
        if cell is None:
            return ""
        return f"FOUND {len(cell)}" if cell else "clean"


def _line(head: str, width: int, words: Sequence[str], columns: Sequence[int]) -> str:
    cells = (word.ljust(column) for word, column in zip(words, columns, strict=True))
    return f"{head.ljust(width)}  {'  '.join(cells)}".rstrip()
