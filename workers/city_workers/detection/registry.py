"""The models that the city has, which of them looks at its photos, and the way back to the one before.

A registry is a folder: `registry.json`, and for each model a folder with its weights, their ONNX form, its
card and the record of its training. The file alone says which model is in use, and is replaced as a whole:
whoever reads it sees the state before a change or after it. A city may keep a folder of its own
(DETECTION_MODELS); what ships with the software is the first model in it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from city_core.settings import Settings
from city_workers.detection.registry_history import put_in_use, start_history, version_before
from city_workers.detection.registry_store import Rows, alone, as_text, hashes_of, read_rows, write_rows
from city_workers.detection.weights_file import MODELS, version_of

WEIGHTS_FILE, ONNX_FILE, CARD_FILE, TRAINING_FILE = "weights.pt", "weights.onnx", "card.json", "training.json"
NAME = "yiwang-street-n-{number}"
Mark = tuple[int, int, int] | None


class ModelProblem(ValueError):
    """A model is not there, was changed by a strange hand, or there is none to go back to."""


@dataclass(frozen=True)
class ModelFiles:
    """One model: its version, its weights, their ONNX form where there is one, and its card."""

    version: str
    weights: Path
    onnx: Path | None
    card: Mapping[str, Any]


@dataclass(frozen=True)
class Candidate:
    """A freshly trained model that asks to be taken in."""

    weights: Path
    onnx: Path
    card: Mapping[str, Any]
    training: Mapping[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


class Registry:
    """Takes models in, puts one of them in use, and goes back; safe to use from several processes."""

    def __init__(
        self, folder: Path = MODELS, *, shipped: Path = MODELS, now: Callable[[], datetime] = _now
    ) -> None:
        self.folder = folder
        self._shipped = shipped
        self._now = now

    def in_use(self) -> ModelFiles:
        """Give the model that looks at the city's photos, its files checked against their hashes."""
        return self.find(self._rows()["in_use"])

    def find(self, version: str) -> ModelFiles:
        """Give a model by its version; raises ModelProblem where a file is not the one that was taken in."""
        folder, hashes = self._place_of(version)
        wrong = [name for name, digest in hashes_of(folder, hashes).items() if digest != hashes[name]]
        if wrong:
            raise ModelProblem(f"{version}: {', '.join(sorted(wrong))} is not the file that was taken in")
        onnx = folder / ONNX_FILE if ONNX_FILE in hashes else None
        return ModelFiles(version, folder / WEIGHTS_FILE, onnx, json.loads((folder / CARD_FILE).read_text()))

    def versions(self) -> list[str]:
        """Name every model that can be put in use, the oldest first."""
        return list(dict.fromkeys([*self._shipped_rows()["models"], *self._rows()["models"]]))

    def history(self) -> list[dict[str, Any]]:
        """Say which model was in use from when to when, who put it there and why."""
        return list(self._rows()["history"])

    def add(self, candidate: Candidate) -> str:
        """Take a model in, without using it yet, and give it a version; the same weights only once."""
        with alone(self.folder):
            rows = self._founded()
            digest = version_of(candidate.weights).rpartition("+")[2]
            for version in self.versions():
                if version.endswith(f"+{digest}"):
                    return version
            version = f"{NAME.format(number=1 + max(map(_number, self.versions()), default=0))}+{digest}"
            folder = self.folder / version
            shutil.rmtree(folder, ignore_errors=True)  # what an interrupted run left
            folder.mkdir()
            shutil.copyfile(candidate.weights, folder / WEIGHTS_FILE)
            shutil.copyfile(candidate.onnx, folder / ONNX_FILE)
            _write_json(folder / CARD_FILE, {**candidate.card, "model": version})
            _write_json(folder / TRAINING_FILE, candidate.training)
            rows["models"][version] = hashes_of(folder)
            write_rows(self.folder, rows)
            return version

    def use(self, version: str, *, by: str, why: str) -> None:
        """Let a model look at the city's photos from now on; detection takes it up within seconds."""
        self.find(version)
        with alone(self.folder):
            rows = self._founded()
            self._bring_in(rows, version)
            put_in_use(rows, version, self._now(), by=by, why=why)
            write_rows(self.folder, rows)

    def roll_back(self, *, by: str, why: str) -> str:
        """Go back to the model that was in use before, the next time to the one before that; returns it."""
        with alone(self.folder):
            rows = self._founded()
            version = version_before(rows)
            if version is None:
                raise ModelProblem("no other model was in use before")
            self.find(version)
            put_in_use(rows, version, self._now(), by=by, why=why, takes_back=True)
            write_rows(self.folder, rows)
            return version

    def write_card(self, version: str, card: Mapping[str, Any]) -> None:
        """Put a model's figures, measured anew, on record."""
        with alone(self.folder):
            rows = self._founded()
            self._bring_in(rows, version)
            _write_json(self.folder / version / CARD_FILE, card)
            rows["models"][version] = hashes_of(self.folder / version)
            write_rows(self.folder, rows)

    def verify(self) -> dict[str, str]:
        """Check every model's files; returns what is wrong, by version."""
        wrong: dict[str, str] = {}
        for version in self.versions():
            try:
                self.find(version)
            except (ModelProblem, OSError, ValueError) as problem:
                wrong[version] = str(problem)
        return wrong

    def mark(self) -> Mark:
        """Give a mark of the registry as it stands, for `changed_since`."""
        try:
            found = (self.folder / "registry.json").stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def changed_since(self, mark: Mark) -> bool:
        """Tell whether the registry was written since a mark was taken; costs one look at one file."""
        return self.mark() != mark

    def _rows(self) -> Rows:
        return read_rows(self.folder) or start_history(self._shipped_rows(), self._now())

    def _shipped_rows(self) -> Rows:
        rows = read_rows(self._shipped)
        if rows is None:
            raise ModelProblem(f"no registry of models in {self._shipped}")
        return rows

    def _founded(self) -> Rows:
        """Give the rows to change; a city's own folder begins with the model that ships."""
        rows = self._rows()
        self._bring_in(rows, rows["in_use"])
        return rows

    def _bring_in(self, rows: Rows, version: str) -> None:
        target = self.folder / version
        if version in rows["models"] and target.is_dir():
            return
        source, hashes = self._place_of(version)
        shutil.copytree(source, target, dirs_exist_ok=True)
        rows["models"][version] = dict(hashes)

    def _place_of(self, version: str) -> tuple[Path, Mapping[str, str]]:
        for folder, rows in ((self.folder, self._rows()), (self._shipped, self._shipped_rows())):
            if version in rows["models"] and (folder / version).is_dir():
                return folder / version, rows["models"][version]
        raise ModelProblem(f"no model {version}; there are {', '.join(self.versions())}")


def registry_of(settings: Settings) -> Registry:
    """Open the registry of a running city."""
    return Registry(settings.detection_models or MODELS)


def model_of(settings: Settings) -> ModelFiles:
    """Give the model that a running city looks through: what DETECTION_WEIGHTS names, else its registry's."""
    weights = settings.detection_weights
    if weights is not None:
        return ModelFiles(version_of(weights), weights, None, {})
    return registry_of(settings).in_use()


def _number(version: str) -> int:
    number = version.partition("+")[0].rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def _write_json(path: Path, body: Mapping[str, Any]) -> None:
    path.write_text(as_text(body))
