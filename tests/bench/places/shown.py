"""Prints what was measured, and names what grows with the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Figures

MOST_GROWTH = 1.5
_COLUMNS: Mapping[str, str] = {
    "p50_ms": "p50 ms", "p95_ms": "p95 ms", "operations": "operations", "keys": "keys",
    "documents": "documents", "results": "results", "keys_per_result": "keys a result",
    "documents_per_result": "documents a result",
}  # fmt: skip


def growth(figures: Figures) -> float:
    """Tell how many times as long the largest city takes as the smallest."""
    rows = list(figures.values())
    return float(round(rows[-1]["p50_ms"] / max(0.1, rows[0]["p50_ms"]), 2))


def show(results: Figures) -> None:
    """Print the figures as tables, and what grows with the records."""
    console = Console(width=200)
    for name, figures in results["cities"].items():
        console.print(name, figures)
    if results["questions"]:
        console.print(_questions(results["questions"]))
        grown = list(_grown(results["questions"]))
        for line in grown or [f"Nothing takes more than {MOST_GROWTH} times as long in the largest city."]:
            console.print(line)
    for name in ("a_second", "files"):
        if results.get(name):
            console.print(_by_figure(results[name]))
    console.print(f"All of it took {results['took_s']} s.")


def _questions(questions: Figures) -> Table:
    table = Table("question", "city", *_COLUMNS.values(), "growth")
    for name, cities in questions.items():
        rows = list(cities.items())
        for city, row in rows:
            figures = (str(row[key]) for key in _COLUMNS)
            table.add_row(name, city, *figures, str(growth(cities)) if city == rows[-1][0] else "")
    return table


def _by_figure(found: Figures) -> Table:
    names = dict.fromkeys(figure for figures in found.values() for figure in figures)
    table = Table("what", *(name.replace("_", " ") for name in names))
    for what, figures in found.items():
        table.add_row(what, *(str(figures.get(name, "")) for name in names))
    return table


def _grown(questions: Figures) -> Iterator[str]:
    for name, cities in questions.items():
        factor = growth(cities)
        if factor > MOST_GROWTH:
            yield f"{name}: {factor} times as long in the largest city"
        gave_up = [row["gave_up"] for row in cities.values() if "gave_up" in row]
        if gave_up:
            yield f"{name}: no answer within the core's limit {max(gave_up)} times"
