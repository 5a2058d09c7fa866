"""Real servers that the project starts itself, so that one machine without root can run the city."""

from city_demo.embedded.mongod import EmbeddedMongod
from city_demo.embedded.problems import CannotStart, MissingServer, PortTaken, ServerDidNotStart
from city_demo.embedded.redis_server import EmbeddedRedis

__all__ = [
    "CannotStart",
    "EmbeddedMongod",
    "EmbeddedRedis",
    "MissingServer",
    "PortTaken",
    "ServerDidNotStart",
]
