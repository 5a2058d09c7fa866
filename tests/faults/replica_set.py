"""Three real servers that hold the same truth; each can be killed, paused and brought back."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from bson import ObjectId
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from city_demo.embedded import EmbeddedMongod
from city_demo.embedded.mongod import REPLICA_SET
from city_demo.embedded.ports import LOOPBACK
from city_demo.embedded.tied import wait_until

MEMBERS = 3
START_LIMIT_S = 60.0
# As the runbook asks of a city: with the 10 s that MongoDB waits by itself, recovery could not take less.
ELECTED_AFTER_MS = 2_000
HEARTBEAT_MS = 500
SOURCE_LEFT_AFTER_S = 1
_LOOK_LIMIT_MS = 500
Row = dict[str, Any]


class Member(EmbeddedMongod):
    """One server of a set; it serves as soon as it answers, whatever its part in the set is."""

    def _arguments(self) -> list[str]:
        # A secondary that copies from a server which hangs looks for another source after this time, and
        # nothing is acknowledged by a majority until it has one; by itself it waits 5 s.
        source = f"oplogNetworkTimeoutBufferSeconds={SOURCE_LEFT_AFTER_S}"
        return [*super()._arguments(), "--setParameter", source]

    def pause(self) -> None:
        """Hold the server still: its connections stay open and nobody is answered."""
        os.kill(self._running_pid(), signal.SIGSTOP)

    def go_on(self) -> None:
        """Let a paused server go on as if nothing had been."""
        os.kill(self._running_pid(), signal.SIGCONT)

    def asked(self, command: str) -> Row | None:
        """Ask the server itself, not the set; None when it does not answer now."""
        client: MongoClient[Row] = MongoClient(
            LOOPBACK, self.port, directConnection=True, serverSelectionTimeoutMS=_LOOK_LIMIT_MS,
            connectTimeoutMS=_LOOK_LIMIT_MS, socketTimeoutMS=_LOOK_LIMIT_MS,
        )  # fmt: skip
        with client:
            try:
                return dict(client.admin.command(command))
            except PyMongoError:
                return None

    def _running_pid(self) -> int:
        assert self.pid is not None, "a server that is down can be neither paused nor continued"
        return self.pid

    def _is_serving(self) -> bool:
        return self.asked("ping") is not None


class ReplicaSet:
    """A replica set on loopback, its data in one folder."""

    def __init__(self, folder: Path) -> None:
        self.members = [Member(folder / f"member-{number}") for number in range(MEMBERS)]

    @property
    def url(self) -> str:
        hosts = ",".join(f"{LOOPBACK}:{member.port}" for member in self.members)
        return f"mongodb://{hosts}/?replicaSet={REPLICA_SET}"

    def start(self) -> None:
        """Start the servers and make them a set; one of them is the primary when this returns."""
        for member in self.members:
            member.start()
        hosts = [{"_id": n, "host": f"{LOOPBACK}:{one.port}"} for n, one in enumerate(self.members)]
        timing = {"electionTimeoutMillis": ELECTED_AFTER_MS, "heartbeatIntervalMillis": HEARTBEAT_MS}
        first: MongoClient[Row] = MongoClient(LOOPBACK, self.members[0].port, directConnection=True)
        with first:
            config = {"_id": REPLICA_SET, "members": hosts, "settings": timing}
            first.admin.command("replSetInitiate", config)
        assert wait_until(self.is_whole, seconds=START_LIMIT_S), "the set did not become whole"

    def kill(self) -> None:
        """End all servers at once."""
        for member in self.members:
            member.kill()

    def primary(self) -> Member | None:
        """Find the primary; of two that think they are, the one that was elected last."""
        found: list[tuple[ObjectId, int]] = []
        for number, member in enumerate(self.members):
            hello = member.asked("hello") if member.is_running else None
            if hello is not None and hello.get("isWritablePrimary"):
                found.append((hello["electionId"], number))
        return self.members[max(found)[1]] if found else None

    def is_whole(self) -> bool:
        """Tell whether there is a primary and every other server follows it."""
        states = []
        for member in self.members:
            hello = member.asked("hello") if member.is_running else None
            states.append(None if hello is None else (hello["isWritablePrimary"], hello["secondary"]))
        return sorted(map(str, states)) == sorted(map(str, [(True, False), *[(False, True)] * (MEMBERS - 1)]))
