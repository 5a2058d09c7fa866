"""What is told about requests: their lines, figures and traces, followed from the phone to the push."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest

from city_core.bootstrap import open_city
from city_core.kit import metrics
from city_core.kit.metrics import REGISTRY
from city_core.kit.traces import span, traces
from city_core.kit.waking import QuietWaker
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.support import OPERATIONS, Api, hear, new_uuid, operation, say
from tests.conftest import settings_for
from tests.village import INSIDE
from tests.waiting import until
from tests.work_by_hand import do_due_work

_ID = "0191e0c4-7b1a-7c3d-8e2f-0123456789ab"


def lines_of(capsys: pytest.CaptureFixture[str], event: str) -> list[dict[str, Any]]:
    """Read the log lines of one kind that were written since the last look."""
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in map(json.loads, lines) if line["event"] == event]


def trusted(api_app: str, name: str, **variables: Any) -> dict[str, Any]:
    """Ask as a published app does, by the id of the document."""
    published = json.loads((OPERATIONS / api_app / "manifest.json").read_text(encoding="utf-8"))
    [found] = [row["id"] for row in published["operations"] if row["name"] == name]
    return {"documentId": found, "variables": variables}


async def test_a_request_has_one_line_that_names_nobody(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    headers = {**await api.headers("inspector-1"), "x-request-id": _ID}
    answer = await api.http.post("/graphql", json=trusted("inspector", "Me"), headers=headers)
    assert answer.headers["x-request-id"] == _ID
    [line] = lines_of(capsys, "request")
    assert line.pop("duration_ms") > 0 and line.pop("timestamp")
    assert line == {
        "event": "request", "level": "info", "request_id": _ID, "operation": "Me", "post": "INSPECTOR",
        "path": "/graphql", "status": 200, "points": 12,
    }  # fmt: skip


async def test_refusals_are_told_by_their_code(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await api.http.post("/graphql", json=trusted("inspector", "Me"))
    assert answer.headers["x-request-id"] != _ID
    await api.http.get("/nowhere/13905330001")
    first, second = lines_of(capsys, "request")
    assert (first["operation"], first["refused"], "post" in first) == ("Me", ["SIGN_IN_REQUIRED"], False)
    assert (second["path"], second["status"], second["refused"]) == ("other", 404, ["REQUEST_INVALID"])
    shown = generate_latest(REGISTRY).decode()
    assert 'yiwang_refusals_total{code="SIGN_IN_REQUIRED",operation="Me"}' in shown
    assert 'yiwang_http_answers_total{path="other",status="404"}' in shown


async def test_odd_names_make_one_series(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    async def odd(number: int) -> None:
        name = f"Odd{number}"
        await api.http.post(
            "/graphql", json={"query": f"query {name} {{ __typename }}", "operationName": name}
        )

    for start in range(0, 300, 20):
        await asyncio.gather(*(odd(start + number) for number in range(20)))
    before = {
        sample.labels["operation"] for metric in metrics.OPERATIONS.collect() for sample in metric.samples
    }
    assert "anonymous" in before and not [name for name in before if name.startswith("Odd")]
    assert {line["operation"] for line in lines_of(capsys, "request")} == {"anonymous"}


async def test_operations_of_a_connection_are_told_one_by_one(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    async with api.phone("officer-1") as phone:
        payload = trusted("inspector", "Me")
        await say(phone, {"id": "1", "type": "subscribe", "payload": {**payload, "query": ""}})
        assert (await hear(phone))["type"] == "next"
        assert (await hear(phone))["type"] == "complete"
    [line] = lines_of(capsys, "operation")
    assert (line["operation"], line["over"], line["lasting"]) == ("Me", "websocket", False)
    assert len(line["request_id"]) == 32


async def test_queues_are_for_the_keeper_of_the_rules(api: Api) -> None:
    await api.report()
    queues = await api.do("administrator-1", "administrator", "Queues")
    by_lane = {queue["lane"]: queue for queue in queues}
    triage = next(row for row in by_lane["jobs"]["kinds"] if row["kind"] == "triage")
    assert (triage["waiting"], by_lane["detection"]["waiting"]) in ((0, 0), (1, 0))
    for who in ("leader-1", "security-administrator-1", "auditor-1", "citizen-1"):
        refused = await api.ask(operation("administrator", "Queues"), who=who)
        assert refused["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


@pytest.fixture
async def traced(
    mongod: EmbeddedMongod, redis_server: EmbeddedRedis
) -> AsyncIterator[tuple[Api, InMemorySpanExporter]]:
    """An API that was opened while traces are made, so that the driver tells its commands."""
    exporter = InMemorySpanExporter()
    with traces("yiwang-test", None, 1.0, exporter=exporter):
        async with served_village(mongod, redis_server) as api:
            exporter.clear()
            yield api, exporter


async def test_a_trace_leads_from_the_request_to_the_push(traced: tuple[Api, InMemorySpanExporter]) -> None:
    api, exporter = traced
    given = {
        "clientId": new_uuid(), "typeCode": "E0110", "conditionId": "E0110-1", "description": "秘密的话",
        "point": {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84"}, "address": "柳泉路", "mediaIds": [],
    }  # fmt: skip
    headers = await api.headers("citizen-1")
    exporter.clear()
    body = trusted("citizen", "SubmitReport", input=given)
    answer = await api.http.post("/graphql", json=body, headers=headers)
    assert answer.json()["data"]["submitReport"]["__typename"] == "Case", answer.text
    await until(lambda: any(one.name == "SubmitReport" for one in exporter.get_finished_spans()))
    await do_due_work(api.city)
    spans = exporter.get_finished_spans()
    [root] = [one for one in spans if one.name == "SubmitReport"]
    same = [one for one in spans if one.context.trace_id == root.context.trace_id]
    names = {one.name for one in same}
    assert {"resolve submitReport", "insert cases"} <= names
    assert {"work triage", "work notify"} & names, names
    told = " ".join(f"{one.name} {dict(one.attributes or {})}" for one in spans)
    assert "秘密" not in told and "citizen-1" not in told


class _Collector(BaseHTTPRequestHandler):
    """A collector of traces: OTLP over HTTP, as far as an exporter needs it."""

    heard: list[ExportTraceServiceRequest]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        if self.path == "/v1/traces":
            self.heard.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return None


@contextlib.contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """Run a collector; gives its address and what it was told."""
    heard: list[ExportTraceServiceRequest] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (_Collector,), {"heard": heard}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()
    thread.join()


async def test_a_process_tells_its_collector_and_its_own_port(mongod: EmbeddedMongod) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with collector() as (endpoint, heard):
        more = {"otel_exporter_otlp_endpoint": endpoint, "traces_share": 1.0, "metrics_port": port}
        settings = settings_for(mongod, **more)
        async with open_city(settings, app_name="yiwang-jobs", waker=QuietWaker()) as city:
            with span("work push", kind="CONSUMER"):
                await city.database.people.find_one({"_id": "13905330001"})
            async with httpx.AsyncClient(trust_env=False) as http:
                shown = await http.get(f"http://127.0.0.1:{port}/metrics")
            assert "yiwang_mongodb_connections" in shown.text
            assert "process_resident_memory_bytes" in shown.text
        resources = [one for request in heard for one in request.resource_spans]
        [service] = {one.resource.attributes[0].value.string_value for one in resources}
        spans = [one for resource in resources for scope in resource.scope_spans for one in scope.spans]
    assert service == "yiwang-jobs" and {one.name for one in spans} == {"work push", "find people"}
    assert "13905330001" not in str(heard)
