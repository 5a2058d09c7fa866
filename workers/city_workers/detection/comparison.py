"""Is a new model better than the one in use? A pure rule on two cards, and a table that shows why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Card = Mapping[str, Any]
LABEL_OF_REAL = "litter"
MOST_DROP = 0.05  # of a label's mAP50 on one set: what chance alone does to a few dozen photos
MOST_PRECISION_DROP = 0.02


@dataclass(frozen=True)
class Verdict:
    """Whether the new model may take the place of the old one; every reason in words."""

    is_better: bool
    reasons: tuple[str, ...]


def is_better(old: Card, new: Card) -> Verdict:
    """Compare two cards that were measured on the same photos.

    What counts is how much real litter is found at the same or better precision. Beside that no label may be
    found worse by more than a tolerance, on any set, and none may be missing.
    """
    against = [*_incomparable(old, new), *_drops(old, new)]
    if not _photos(old, "real"):
        gains, figure = _gains_on_rendered(old, new)
    else:
        gains, figure = _gains_on_real(old, new)
    if not gains:
        against.append(f"no better: {figure}")
    return Verdict(not against, tuple(against) if against else (figure,))


def recall_at(card: Card, precision: float) -> float:
    """The most real litter that a model finds at any threshold where it is at least so precise."""
    rows = card["real"]["curves"][LABEL_OF_REAL]
    return max((r["recall"] or 0.0 for r in rows if (r["precision"] or 0.0) >= precision), default=0.0)


def table(old: Card, new: Card) -> str:
    """Old against new, label by label and set by set, at the city's threshold."""
    lines = [f"{'set':9} {'label':18} {'precision':>15} {'recall':>15} {'mAP50':>15}"]
    for part, before, after in _pairs(old, new):
        cells = (f"{_figure(before, k)} > {_figure(after, k)}" for k in ("precision", "recall", "map50"))
        lines.append(f"{part:9} {before['label']:18} " + " ".join(f"{cell:>15}" for cell in cells))
    return "\n".join(lines)


def _incomparable(old: Card, new: Card) -> list[str]:
    wrong = []
    for part in ("rendered", "real", "examples"):
        before, after = _photos(old, part), _photos(new, part)
        if before != after:
            wrong.append(f"measured on {before} {part} photos before and on {after} now")
    if old.get("scenes") != new.get("scenes"):
        wrong.append("the rendered scenes are not the same")
    missing = sorted(
        {r["label"] for r in _rows(old, "rendered")} - {r["label"] for r in _rows(new, "rendered")}
    )
    return [*wrong, *(f"{label} is not known to the new model" for label in missing)]


def _drops(old: Card, new: Card) -> Iterator[str]:
    for part, before, after in _pairs(old, new):
        if (before["map50"] or 0.0) - (after["map50"] or 0.0) > MOST_DROP:
            yield f"{before['label']} on {part} photos: mAP50 {before['map50']} before, {after['map50']} now"
        if part != "real":
            continue
        if (before["precision"] or 0.0) - (after["precision"] or 0.0) > MOST_PRECISION_DROP:
            was, now = before["precision"], after["precision"]
            yield f"{before['label']} on real photos: precision {was} before, {now} now"


def _gains_on_real(old: Card, new: Card) -> tuple[bool, str]:
    (before,) = (row for row in _rows(old, "real") if row["label"] == LABEL_OF_REAL)
    precision, recall = before["precision"] or 0.0, before["recall"] or 0.0
    if not _photos(new, "real"):
        return False, "the new model was not measured on real photos"
    now = recall_at(new, precision)
    figure = f"real litter found at precision {precision} or better: {recall} before, {now} now"
    return now > recall or (now == recall and _mean(new) > _mean(old)), figure


def _gains_on_rendered(old: Card, new: Card) -> tuple[bool, str]:
    return _mean(new) > _mean(old), f"mean mAP50 on rendered photos: {_mean(old)} before, {_mean(new)} now"


def _mean(card: Card) -> float:
    values = [row["map50"] or 0.0 for row in _rows(card, "rendered")]
    return round(sum(values) / len(values), 3) if values else 0.0


def _pairs(old: Card, new: Card) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for part in ("rendered", "real", "examples"):
        fresh = {row["label"]: row for row in _rows(new, part)}
        for row in _rows(old, part):
            if row["label"] in fresh and row["present"]:
                yield part, row, fresh[row["label"]]


def _rows(card: Card, part: str) -> list[Mapping[str, Any]]:
    return list(card.get(part, {}).get("scores", []))


def _photos(card: Card, part: str) -> int:
    return int(card.get(part, {}).get("photos", 0))


def _figure(row: Mapping[str, Any], key: str) -> str:
    return "-" if row[key] is None else f"{row[key]:.3f}"
