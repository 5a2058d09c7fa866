"""Figures of this process for Prometheus; every label takes its values from a bounded set.

What each means, and when somebody has to act, is in `backend/alarms.md`; a test holds that page to this file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

REGISTRY = CollectorRegistry()
OTHER = "other"
_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LONG = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

OPERATIONS = Histogram(
    "yiwang_operation_seconds", "How long operations and paths took to be answered.", ["operation"],
    buckets=_QUICK, registry=REGISTRY,
)  # fmt: skip
REFUSALS = Counter(
    "yiwang_refusals_total", "Refused and failed operations by the code that was told.",
    ["operation", "code"], registry=REGISTRY,
)  # fmt: skip
ANSWERS = Counter(
    "yiwang_http_answers_total",
    "Answers over HTTP by path and status.",
    ["path", "status"],
    registry=REGISTRY,
)
WORK = Histogram(
    "yiwang_work_seconds", "How long one try of a piece of work took.", ["kind"], buckets=_LONG,
    registry=REGISTRY,
)  # fmt: skip
WORK_OUTCOMES = Counter(
    "yiwang_work_outcomes_total", "Tries of work by what came of them.", ["kind", "outcome"],
    registry=REGISTRY,
)  # fmt: skip
PUSHES = Counter(
    "yiwang_push_outcomes_total", "Hints by push service and what it answered.", ["provider", "outcome"],
    registry=REGISTRY,
)  # fmt: skip
DETECTION = Histogram(
    "yiwang_detection_seconds", "How long a photo waited for the model and was looked at.", buckets=_LONG,
    registry=REGISTRY,
)  # fmt: skip
PHOTOS = Counter("yiwang_photos_kept_total", "Photos that were taken in.", registry=REGISTRY)
PHOTO_BYTES = Counter("yiwang_photo_bytes_total", "Bytes of photos that were taken in.", registry=REGISTRY)
WAKES_LOST = Counter(
    "yiwang_wakes_lost_total",
    "Wake-ups that Redis did not take; the sweep finds the work.",
    registry=REGISTRY,
)
LOOP_LAG = Histogram(
    "yiwang_event_loop_lag_seconds", "How much later than asked for the event loop came round.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0), registry=REGISTRY,
)  # fmt: skip
SOCKETS = Gauge("yiwang_sockets_open", "Open WebSocket connections of phones.", registry=REGISTRY)
CONNECTIONS = Gauge(
    "yiwang_mongodb_connections", "Connections to MongoDB: open ones, and those in use.", ["state"],
    registry=REGISTRY,
)  # fmt: skip
FEED_LAG = Gauge(
    "yiwang_feed_lag_seconds", "How far the feed of delta sync was behind MongoDB at its last batch.",
    registry=REGISTRY,
)  # fmt: skip
ProcessCollector(registry=REGISTRY)


def bounded(value: str | None, known: Collection[str], other: str = OTHER) -> str:
    """Keep a label within a known set: what is not in it counts as the other."""
    return value if value is not None and value in known else other


@dataclass(frozen=True)
class Figure:
    """A gauge that is read from the database: its rows are label values and a number."""

    name: str
    help: str
    labels: tuple[str, ...]
    rows: list[tuple[tuple[str, ...], float]] = field(default_factory=list)


@dataclass(eq=False)
class CityFigures(Collector):
    """The figures of the whole city, shown by the one process that counts them; by others not at all."""

    figures: Iterable[Figure] = ()

    def collect(self) -> Iterator[Metric]:
        """Show what was counted last."""
        for figure in self.figures:
            family = GaugeMetricFamily(figure.name, figure.help, labels=figure.labels)
            for labels, value in figure.rows:
                family.add_metric(labels, value)
            yield family

    def describe(self) -> list[Metric]:
        """Name nothing beforehand: what is shown depends on who counts."""
        return []


CITY_FIGURES = CityFigures()
REGISTRY.register(CITY_FIGURES)


def count_sockets_with(count: Callable[[], int]) -> None:
    """Have the open connections counted when somebody asks."""
    SOCKETS.set_function(lambda: float(count()))


def names_of_metrics(figures: Iterable[Figure] = ()) -> list[str]:
    """List what is exported, by the name that rules ask for; the figures of the city beside the others."""
    found: list[Any] = [*REGISTRY.collect(), *figures]
    return sorted(
        {f"{one.name}_total" if getattr(one, "type", "") == "counter" else one.name for one in found}
    )
