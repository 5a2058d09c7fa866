"""The way to MongoDB: the only place that imports the driver (see decision 0002)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from bson import CodecOptions
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
    AsyncIOMotorGridFSBucket,
)
from pymongo import ReadPreference, WriteConcern
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

Row = dict[str, Any]
Client = AsyncIOMotorClient[Row]
Database = AsyncIOMotorDatabase[Row]
Collection = AsyncIOMotorCollection[Row]
Session = AsyncIOMotorClientSession
T = TypeVar("T")

__all__ = ["BulkWriteError", "Client", "Collection", "Database", "DuplicateKeyError", "PyMongoError", "Row",
           "Session", "connect", "in_transaction", "is_unreachable", "literal", "photo_store",
           "quickly"]  # fmt: skip


def is_unreachable(error: BaseException) -> bool:
    """Tell whether MongoDB could not answer now, so that asking again may help."""
    return isinstance(error, ConnectionFailure | ExecutionTimeout | WTimeoutError)


def connect(url: str, *, app_name: str) -> Client:
    """Open the way to the truth: every write is acknowledged by a majority and journalled."""
    return AsyncIOMotorClient(
        url,
        appname=app_name,
        tz_aware=True,
        retryWrites=True,
        retryReads=True,
        w="majority",
        journal=True,
        serverSelectionTimeoutMS=10_000,
        maxPoolSize=50,
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


async def in_transaction(database: Database, write: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
    """Do several writes as one: all are kept or none; repeated by the driver when MongoDB asks for it."""
    async with await database.client.start_session() as session:
        done: T = await session.with_transaction(
            write, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern(w="majority", j=True)
        )
        return done


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
