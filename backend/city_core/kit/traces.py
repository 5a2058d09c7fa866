"""Traces: which request led to which database commands, work and pushes, told to a collector (OpenTelemetry).

The only place that imports OpenTelemetry, and only where a collector is set: without one a span costs a look
at a variable. Spans hold names and codes, never values.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

_tracer: Any = None
_UNTRACED: contextlib.AbstractContextManager[None] = contextlib.nullcontext()


class Span(Protocol):
    """Something that takes time, as a collector sees it."""

    def set_attribute(self, name: str, value: str | int | float | bool) -> None: ...
    def update_name(self, name: str) -> None: ...
    def set_status(self, status: Any) -> None: ...


def are_on() -> bool:
    """Tell whether this process makes traces."""
    return _tracer is not None


@contextlib.contextmanager
def traces(service: str, endpoint: str | None, share: float, *, exporter: Any = None) -> Iterator[None]:
    """Make traces while inside, if there is somebody to tell them to; the rest is told at the end.

    `exporter` takes the place of the collector at `endpoint`. `share` (0 to 1) of requests is traced; what a
    traced request leads to is traced in every process.
    """
    global _tracer
    if exporter is None and endpoint is None:
        yield
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    provider = TracerProvider(
        resource=Resource({"service.name": service}),
        sampler=ParentBased(TraceIdRatioBased(share)),
        shutdown_on_exit=False,
    )
    processor = SimpleSpanProcessor(exporter) if exporter else BatchSpanProcessor(_otlp(str(endpoint)))
    provider.add_span_processor(processor)
    before, _tracer = _tracer, provider.get_tracer("yiwang")
    try:
        yield
    finally:
        _tracer = before
        provider.shutdown()


def _otlp(endpoint: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=5)


def span(
    name: str, *, kind: str = "INTERNAL", parent: str | None = None, words: Mapping[str, Any] | None = None
) -> contextlib.AbstractContextManager[Span | None]:
    """Trace what is done inside; `parent` is the traceparent that another process left behind."""
    return _UNTRACED if _tracer is None else _span(name, kind, parent, words)


@contextlib.contextmanager
def _span(name: str, kind: str, parent: str | None, words: Mapping[str, Any] | None) -> Iterator[Span]:
    from opentelemetry.trace import SpanKind, Status, StatusCode

    given = {key: value for key, value in (words or {}).items() if value is not None}
    begun = _tracer.start_as_current_span(
        name,
        context=_context_of(parent),
        kind=SpanKind[kind],
        attributes=given,
        record_exception=False,  # its words may be personal
        set_status_on_exception=False,
    )
    with begun as one:
        try:
            yield one
        except BaseException as error:
            one.set_attribute("error.type", type(error).__name__)
            one.set_status(Status(StatusCode.ERROR))
            raise


def begin_span(name: str, words: Mapping[str, Any]) -> Any:
    """Begin the span of a call to another server below the current one; None where nothing is traced."""
    if _tracer is None:
        return None
    from opentelemetry.trace import SpanKind, get_current_span

    if not get_current_span().get_span_context().is_valid:
        return None
    return _tracer.start_span(name, kind=SpanKind.CLIENT, attributes=dict(words))


def end_span(one: Any, error_code: int | None = None) -> None:
    """End a span that was begun; `error_code` where it failed."""
    if error_code is not None:
        from opentelemetry.trace import Status, StatusCode

        one.set_attribute("error.type", str(error_code))
        one.set_status(Status(StatusCode.ERROR))
    one.end()


def current_parent() -> str | None:
    """Write down where we are, for another process to go on from (W3C traceparent)."""
    if _tracer is None:
        return None
    from opentelemetry.trace import get_current_span

    here = get_current_span().get_span_context()
    if not here.is_valid:
        return None
    return f"00-{here.trace_id:032x}-{here.span_id:016x}-{int(here.trace_flags):02x}"


def _context_of(parent: str | None) -> Any:
    if parent is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": parent})
