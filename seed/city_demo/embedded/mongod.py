"""A real mongod on loopback as a replica set of one, because transactions and change streams need a set."""

from __future__ import annotations

from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from city_demo.embedded.binaries import ServerProgram, find_mongod
from city_demo.embedded.ports import LOOPBACK
from city_demo.embedded.server import EmbeddedServer

REPLICA_SET = "rs0"
TRANSACTION_LIMIT_S = 5
CACHE_GB = "0.25"
OPLOG_MB = "512"
NOT_YET_INITIALIZED = 94


class EmbeddedMongod(EmbeddedServer):
    """Keeps the city's records on one machine; data in the directory outlives stop, kill and a new port."""

    name = "mongod"
    port_setting = "MONGODB_PORT"

    @property
    def url(self) -> str:
        return f"mongodb://{LOOPBACK}:{self.port}/?replicaSet={REPLICA_SET}&directConnection=true"

    def _find_program(self) -> ServerProgram:
        return find_mongod(self.directory / "lib")

    def _arguments(self) -> list[str]:
        data = self.directory / "data"
        data.mkdir(exist_ok=True)
        return [
            *("--dbpath", str(data), "--bind_ip", LOOPBACK, "--port", str(self.port), "--nounixsocket"),
            *("--replSet", REPLICA_SET, "--oplogSize", OPLOG_MB, "--wiredTigerCacheSizeGB", CACHE_GB),
            *("--setParameter", "diagnosticDataCollectionEnabled=false", "--quiet"),
            # The transaction of a process that was killed holds what it wrote until this time is up.
            *("--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_LIMIT_S}"),
        ]

    def _is_serving(self) -> bool:
        # One attempt must be short: the caller repeats it until the start limit.
        client: MongoClient[dict[str, Any]] = MongoClient(
            LOOPBACK, self.port, directConnection=True, serverSelectionTimeoutMS=500, socketTimeoutMS=5000
        )
        with client:
            try:
                self._ensure_replica_set(client)
                return bool(client.admin.command("hello").get("isWritablePrimary"))
            except PyMongoError:
                return False

    def _ensure_replica_set(self, client: MongoClient[dict[str, Any]]) -> None:
        member = f"{LOOPBACK}:{self.port}"
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as failure:
            if failure.code != NOT_YET_INITIALIZED:
                raise
            members = [{"_id": 0, "host": member}]
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
            return
        if config["members"][0]["host"] != member:
            # The data was written under another port; without this the server waits for a peer for ever.
            config["members"][0]["host"] = member
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)
