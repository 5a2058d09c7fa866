"""Reads out of a model's card how well it finds each class: what it may do by itself hangs on that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Card = dict[str, Any]


def card_beside(weights: Path) -> Card | None:
    """Read the card that lies beside some weights."""
    file = weights.parent / "card.json"
    return json.loads(file.read_text()) if file.is_file() else None


def measured_figures(card: Card | None, model_version: str) -> dict[str, dict[str, Any]]:
    """Give the figures by label: those on real photos where there are any, else those on rendered ones.

    A card of another model says nothing. Samples are the smaller of what was there and what was reported, so
    that neither precision nor recall rests on fewer.
    """
    if card is None or card.get("model") != model_version:
        return {}
    figures: dict[str, dict[str, Any]] = {}
    for origin in ("rendered", "real"):
        for row in card.get(origin, {}).get("scores", ()):
            figures[row["label"]] = {
                "precision": row["precision"],
                "recall": row["recall"],
                "samples": min(row["present"], row["reported"]),
                "on": origin.upper(),
            }
    return figures
