"""The way to MongoDB: the only place that imports the driver (see decision 0002)."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bson import CodecOptions, ObjectId, Timestamp
from gridfs.errors import NoFile
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
    AsyncIOMotorGridFSBucket,
)
from pymongo import ReadPreference, WriteConcern
from pymongo import timeout as _database_timeout
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

from city_core.kit.transaction_ends import anew, tell_ended

Row = dict[str, Any]
Client = AsyncIOMotorClient[Row]
Database = AsyncIOMotorDatabase[Row]
Collection = AsyncIOMotorCollection[Row]
Session = AsyncIOMotorClientSession
T = TypeVar("T")
_MOST_TURNS = 10
_NOT_THERE = frozenset({26, 27})  # no such collection, no such index
# A primary that hangs keeps its connections open. The driver notices after the sum of these two, ends what
# waits for it and asks the next primary. By itself it takes 30 s; a limit on answers would end long work too.
_LOOKED_AFTER_EVERY_MS = 2_000
_LONGEST_SILENCE_MS = 2_000
_LONGEST_ELECTION_MS = 10_000

__all__ = [
    "BulkWriteError", "Changes", "Client", "Collection", "Database", "DuplicateKeyError", "HistoryLost",
    "NoFile", "ObjectId", "PyMongoError", "Row", "Session", "connect", "hello_alone", "in_transaction",
    "index_rows", "is_out_of_time", "is_unreachable",
    "literal", "photo_store", "quickly", "retire_indexes", "watch", "within",
]  # fmt: skip

# ChangeStreamHistoryLost, ChangeStreamFatalError, InvalidResumeToken, CappedPositionLost: asking again with
# the same token can never help.
_HISTORY_LOST_CODES = frozenset({286, 280, 260, 136})
_ENDED = frozenset({"drop", "rename", "dropDatabase", "invalidate"})
_WATCHED = "$cmd.aggregate"


class HistoryLost(Exception):
    """MongoDB cannot tell any more what changed since then."""


@dataclass(frozen=True)
class Changes:
    """What changed, in the order of the commits: `rows` as the pipeline left them, and where to go on."""

    rows: Sequence[Row]
    token: Row

    @property
    def at(self) -> Timestamp | None:
        """The instant of the last change in MongoDB's own time."""
        found: Timestamp | None = self.rows[-1].get("clusterTime") if self.rows else None
        return found


def is_unreachable(error: BaseException) -> bool:
    """Tell whether MongoDB could not answer now, so that asking again may help."""
    return isinstance(error, ConnectionFailure | ExecutionTimeout | WTimeoutError)


def is_out_of_time(error: BaseException) -> bool:
    """Tell whether MongoDB was given no more time, see `within`; a missing server is another matter."""
    is_there = not isinstance(error, ServerSelectionTimeoutError)
    return isinstance(error, PyMongoError) and error.timeout and is_there


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give everything that is asked of MongoDB in here so many seconds in all.

    The server itself is told (maxTimeMS), so that it ends what nobody waits for any more; what it had written
    stays written. Raises an error for which `is_out_of_time` holds.
    """
    with _database_timeout(seconds):
        yield


def connect(url: str, *, app_name: str, listeners: Sequence[Any] = ()) -> Client:
    """Open the way to the truth: every write is acknowledged by a majority and journalled."""
    return AsyncIOMotorClient(
        url,
        appname=app_name,
        tz_aware=True,
        retryWrites=True,
        retryReads=True,
        w="majority",
        journal=True,
        serverSelectionTimeoutMS=_LONGEST_ELECTION_MS,
        heartbeatFrequencyMS=_LOOKED_AFTER_EVERY_MS,
        connectTimeoutMS=_LONGEST_SILENCE_MS,
        maxPoolSize=50,
        event_listeners=list(listeners),
    )


def database_of(client: Client, name: str) -> Database:
    """Name the city's database; reads go to the primary."""
    return client.get_database(
        name,
        codec_options=CodecOptions(tz_aware=True),
        read_preference=ReadPreference.PRIMARY,
        write_concern=WriteConcern(w="majority", j=True),
        read_concern=ReadConcern("majority"),
    )


async def in_transaction(
    database: Database, write: Callable[[Session], Coroutine[Any, Any, T]], *, after: Timestamp | None = None
) -> T:
    """Do several writes as one: all are kept or none; repeated by the driver when MongoDB asks for it.

    Its reads see everything that was committed up to `after`, whichever server is the primary by then.
    """
    async with await database.client.start_session() as session:
        if after is not None:
            session.advance_operation_time(after)
        try:
            for turn in range(1, _MOST_TURNS + 1):
                try:
                    done: T = await session.with_transaction(
                        anew(write),
                        read_concern=ReadConcern("snapshot"),
                        write_concern=WriteConcern(w="majority", j=True),
                    )
                    tell_ended(session, kept=True)
                    return done
                except PyMongoError as error:  # motor itself does not ask again where the commit was refused
                    if turn == _MOST_TURNS or not error.has_error_label("TransientTransactionError"):
                        raise
            raise AssertionError("the last turn returns or raises")
        finally:
            tell_ended(session, kept=False)


async def watch(
    database: Database, pipeline: Sequence[Row], *, since: Row | None, most: int, patience_ms: int = 1_000
) -> AsyncGenerator[Changes, None]:
    """Follow what is committed, a batch at a time; a batch without rows says that nothing came for a while.

    `since` is the token of an earlier batch; without it, what happens from now on. Raises HistoryLost when
    MongoDB has forgotten what came after the token, or when what is watched was dropped.
    """
    stream: Row = {"$changeStream": {"resumeAfter": since} if since is not None else {}}
    async with await database.client.start_session() as session:
        cursor = await _asked(database, session, {
            "aggregate": 1, "pipeline": [stream, *pipeline], "cursor": {"batchSize": most},
            "readConcern": {"level": "majority"},
        })  # fmt: skip
        more = {"getMore": cursor["id"], "collection": _WATCHED, "batchSize": most, "maxTimeMS": patience_ms}
        try:
            rows = cursor["firstBatch"]
            while True:
                if any(row.get("operationType") in _ENDED for row in rows):
                    raise HistoryLost
                yield Changes(rows, cursor["postBatchResumeToken"])
                cursor = await _asked(database, session, more)
                rows = cursor["nextBatch"]
        finally:
            with contextlib.suppress(PyMongoError):
                await database.command({"killCursors": _WATCHED, "cursors": [more["getMore"]]})


async def _asked(database: Database, session: Session, command: Row) -> Row:
    try:
        answer: Row = await database.command(command, session=session)
    except OperationFailure as error:
        if error.code in _HISTORY_LOST_CODES:
            raise HistoryLost from error
        raise
    found: Row = answer["cursor"]
    return found


async def retire_indexes(database: Database, retired: Iterable[tuple[str, str]]) -> None:
    """Take away indexes, by collection and name, that are no longer used; one that is gone is no matter."""
    for collection, name in retired:
        try:
            await database[collection].drop_index(name)
        except OperationFailure as error:
            if error.code not in _NOT_THERE:
                raise


async def index_rows(database: Database, collection: str) -> list[Row]:
    """Give the indexes of a collection as MongoDB describes them; none where there is no such collection."""
    try:
        return [dict(row) async for row in database[collection].list_indexes()]
    except OperationFailure as error:
        if error.code in _NOT_THERE:
            return []
        raise


async def hello_alone(host: str) -> Row | None:
    """Ask one server (host:port) what it is, member of a replica set or not; None without an answer."""
    client: Client = AsyncIOMotorClient(
        f"mongodb://{host}", directConnection=True, serverSelectionTimeoutMS=2_000
    )
    try:
        answer: Row = await client.admin.command("hello")
        return answer
    except PyMongoError:
        return None
    finally:
        client.close()


def photo_store(database: Database, bucket: str) -> AsyncIOMotorGridFSBucket:
    """Open a GridFS bucket for photo bytes."""
    return AsyncIOMotorGridFSBucket(database, bucket_name=bucket)


def quickly(collection: Collection) -> Collection:
    """See a collection, as it is this moment, for marks that may be lost with the primary without harm."""
    return collection.with_options(write_concern=WriteConcern(w=1), read_concern=ReadConcern("local"))


def literal(value: Any) -> Row:
    """Keep a value from being read as an expression inside an update pipeline."""
    return {"$literal": value}


def set_stage(values: Mapping[str, Any]) -> Row:
    """Write an update stage that sets these fields to these very values."""
    return {"$set": {name: literal(value) for name, value in values.items()}}
