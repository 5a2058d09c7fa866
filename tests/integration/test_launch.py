"""Starting the city on one machine: everything stops together, comes back after a crash, and says why not."""

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

from city_demo.embedded.problems import CannotStart
from city_demo.embedded.tied import wait_until
from city_demo.home import Home
from city_demo.processes import Child, Supervisor

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

# A worker with a helper in its own session; both ignore the request to stop when told so.
WORKER = """
import signal, subprocess, sys
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
helper = subprocess.Popen(["sleep", "600"], start_new_session=True)
nephew = subprocess.Popen(["sleep", "600"])
print(helper.pid, nephew.pid, flush=True)
signal.pause()
"""

LAUNCHER = """
import sys
from pathlib import Path
from city_demo.one_machine import end_city, stopped_by_signals, wait_for_the_end
from city_demo.processes import Child, Supervisor
supervisor = Supervisor()
try:
    with stopped_by_signals():
        worker = Child("worker", [sys.executable, "-c", sys.argv[1]], log=Path(sys.argv[2]))
        supervisor.start(worker)
        supervisor.watch()
        print(worker.pid, flush=True)
        wait_for_the_end()
except KeyboardInterrupt:
    pass
finally:
    end_city(supervisor)
"""


def worker(folder: Path, *arguments: str) -> Child:
    return Child("worker", [sys.executable, "-c", WORKER, *arguments], log=folder / "worker.log")


def family_of(child_log: Path) -> list[psutil.Process]:
    """The helpers that a worker started, once it has said so."""
    assert wait_until(lambda: child_log.exists() and child_log.read_text().endswith("\n"), seconds=10)
    return [psutil.Process(int(pid)) for pid in child_log.read_text().splitlines()[-1].split()]


def are_gone(processes: list[psutil.Process]) -> bool:
    return all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in processes)


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, WORKER, str(tmp_path / "worker.log")],
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_stops_every_process_and_what_those_started(
    launcher: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    assert launcher.stdout is not None
    started = psutil.Process(int(launcher.stdout.readline()))
    helpers = family_of(tmp_path / "worker.log")
    descendants = psutil.Process(launcher.pid).children(recursive=True)
    launcher.send_signal(number)
    assert launcher.wait(20) == 0
    assert wait_until(lambda: are_gone([started, *helpers, *descendants]), seconds=5)


def test_a_launcher_ended_by_force_leaves_nothing_of_its_sessions_behind(
    launcher: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert launcher.stdout is not None
    started = psutil.Process(int(launcher.stdout.readline()))
    helper, nephew = family_of(tmp_path / "worker.log")
    try:
        launcher.kill()
        assert wait_until(lambda: are_gone([started, nephew]), seconds=5)
    finally:
        helper.kill()


def test_a_process_that_ignores_the_request_is_ended_by_force(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        stubborn = worker(tmp_path, "stubborn")
        stubborn.stop_grace_s = 0.2
        supervisor.start(stubborn)
        helpers = family_of(stubborn.log)
    assert not stubborn.is_running
    assert wait_until(lambda: are_gone(helpers), seconds=5)


def test_a_crashed_process_is_started_again_and_its_helpers_do_not_pile_up(tmp_path: Path) -> None:
    said: list[str] = []
    with Supervisor(say=said.append) as supervisor:
        crashing = worker(tmp_path)
        supervisor.start(crashing)
        supervisor.watch()
        first, orphans = crashing.pid, family_of(crashing.log)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda: crashing.pid not in (None, first), seconds=10)
        assert wait_until(lambda: are_gone(orphans[1:]), seconds=5)
        orphans[0].kill()
    assert said == [f"worker ended by itself; starting again in 0.5 s ({crashing.log})"]


def test_secrets_are_made_up_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    secrets = home.secrets()
    assert list(secrets) == ["TOKEN_PRIVATE_KEY"]
    assert Home(tmp_path / "home").secrets() == secrets
    assert home.secrets_file.stat().st_mode & 0o777 == 0o600


def test_a_second_start_in_the_same_folder_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    with (
        Home(tmp_path).locked(),
        pytest.raises(CannotStart, match=rf"already running \(process {os.getpid()}\)"),
        Home(tmp_path).locked(),
    ):
        pytest.fail("two cities share one folder")
    with Home(tmp_path).locked():
        assert (tmp_path / "launch.lock").read_text() == str(os.getpid())


def test_a_lock_left_by_a_killed_start_does_not_keep_the_next_one_out(tmp_path: Path) -> None:
    hold = "import os, sys, signal; from pathlib import Path; from city_demo.home import Home\n"
    hold += "with Home(Path(sys.argv[1])).locked(): os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", hold, str(tmp_path)], env=ENVIRONMENT, check=False)
    assert (tmp_path / "launch.lock").read_text().isdigit()
    with Home(tmp_path).locked():
        pass


def launch(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "city_demo.launch", "--home", str(folder), "--no-morning"],
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = launch(tmp_path, PORT=str(port))
    assert ended.returncode == 2
    assert ended.stderr == (
        f"Port {port} is already taken by another program: stop it or set PORT to a free port.\n"
    )


def test_a_port_that_is_none_is_told_in_one_sentence(tmp_path: Path) -> None:
    ended = launch(tmp_path, PORT="eighty")
    assert ended.returncode == 2
    assert ended.stderr == "PORT must be a port number from 1 to 65535, not 'eighty'.\n"
