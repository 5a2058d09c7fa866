"""Figures of a measurement, rounded the way that people read them."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[2] / ".local" / "bench.json"
Figures = dict[str, Any]


def percentile(values: Sequence[float], part: float) -> float:
    """Give the value that this part (0 to 1) of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def spread(seconds: Sequence[float], *parts: float) -> Figures:
    """Give percentiles in milliseconds."""
    figures: Figures = {
        f"p{round(part * 100)}_ms": round(percentile(seconds, part) * 1000, 1) for part in parts
    }
    return {**figures, "max_ms": round(max(seconds) * 1000, 1), "count": len(seconds)}


def machine() -> Figures:
    """Say what the figures were measured on: they mean little without it."""
    return {
        "cores": os.cpu_count(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def keep(name: str, figures: Figures) -> None:
    """Write the figures of a measurement beside those of others."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    text = json.dumps({**known, name: figures}, ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")
