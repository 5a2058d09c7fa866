"""The registry of models: takes in, puts in use, goes back, notices strange hands, and two at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from city_core.settings import Settings
from city_workers.detection.models import main
from city_workers.detection.registry import Candidate, ModelProblem, Registry, model_of
from city_workers.detection.weights_file import MODELS, WEIGHTS
from tests.conftest import TOKEN_KEY

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A city's own registry, beside what ships."""
    return Registry(tmp_path / "models", now=lambda: NOON)


def candidate(folder: Path, content: bytes) -> Candidate:
    weights, onnx = folder / f"{content.decode()}.pt", folder / f"{content.decode()}.onnx"
    weights.write_bytes(content)
    onnx.write_bytes(b"onnx of " + content)
    return Candidate(weights, onnx, {"image_size_px": 416}, {"stages": []})


def test_what_ships_is_whole_and_in_use() -> None:
    shipped = Registry()
    assert shipped.verify() == {}
    files = shipped.in_use()
    assert (files.weights, files.card["model"]) == (WEIGHTS, files.version)
    assert files.onnx is not None and files.onnx.stat().st_size < 12 * 1024 * 1024


def test_a_citys_own_registry_begins_with_what_ships(registry: Registry) -> None:
    assert registry.in_use().version == Registry().in_use().version
    assert not registry.folder.exists(), "looking writes nothing"


def test_a_model_is_taken_in_put_in_use_and_taken_back(registry: Registry, tmp_path: Path) -> None:
    shipped = registry.in_use().version
    versions = [registry.add(candidate(tmp_path, content)) for content in (b"one", b"two")]
    assert registry.in_use().version == shipped, "taking in puts nothing in use"
    for version in versions:
        registry.use(version, by="gate", why="better")
    files = registry.in_use()
    assert (files.version, files.weights.read_bytes()) == (versions[1], b"two")
    assert files.onnx is not None and files.onnx.read_bytes() == b"onnx of two"
    assert files.card == {"image_size_px": 416, "model": versions[1]}
    back = [registry.roll_back(by="leader", why="worse at night") for _ in range(2)]
    assert back == [versions[0], shipped] == [versions[0], registry.in_use().version]
    with pytest.raises(ModelProblem, match="no other model"):
        registry.roll_back(by="leader", why="again")
    assert [(row["version"], row["rolled_back"]) for row in registry.history()] == [
        (shipped, False), (versions[0], True), (versions[1], True), (versions[0], True), (shipped, False),
    ]  # fmt: skip
    assert [row["to"] is None for row in registry.history()] == [False] * 4 + [True]
    assert registry.verify() == {}


def test_the_same_weights_are_taken_in_once_and_versions_count_up(registry: Registry, tmp_path: Path) -> None:
    first = registry.add(candidate(tmp_path, b"one"))
    assert registry.add(candidate(tmp_path, b"one")) == first
    second = registry.add(candidate(tmp_path, b"two"))
    numbers = [int(version.split("+")[0].rsplit("-", 1)[1]) for version in registry.versions()]
    assert numbers == sorted(set(numbers)) and registry.versions()[-2:] == [first, second]


def test_a_file_changed_by_a_strange_hand_is_not_used(registry: Registry, tmp_path: Path) -> None:
    version = registry.add(candidate(tmp_path, b"one"))
    before = registry.in_use().version
    (registry.folder / version / "weights.onnx").write_bytes(b"something else")
    with pytest.raises(ModelProblem, match=r"weights\.onnx is not the file that was taken in"):
        registry.use(version, by="leader", why="")
    assert registry.in_use().version == before
    assert list(registry.verify()) == [version]
    (registry.folder / version / "weights.onnx").unlink()
    assert list(registry.verify()) == [version]
    with pytest.raises(ModelProblem, match="no model nothing"):
        registry.find("nothing")


def test_a_running_process_notices_a_change(registry: Registry, tmp_path: Path) -> None:
    mark = registry.mark()
    assert not registry.changed_since(mark)
    version = registry.add(candidate(tmp_path, b"one"))
    assert registry.changed_since(mark)
    mark = registry.mark()
    registry.use(version, by="leader", why="")
    assert registry.changed_since(mark) and not registry.changed_since(registry.mark())


def test_many_writers_at_once_lose_nothing(registry: Registry, tmp_path: Path) -> None:
    candidates = [candidate(tmp_path, f"model-{number}".encode()) for number in range(8)]

    def take_in(one: Candidate) -> str:
        version = registry.add(one)
        registry.use(version, by="gate", why="")
        assert registry.in_use().version  # a reader always sees a whole file
        return version

    with ThreadPoolExecutor(8) as threads:
        versions = list(threads.map(take_in, candidates))
    assert len(set(versions)) == 8 and set(versions) <= set(registry.versions())
    assert {row["version"] for row in registry.history()} >= set(versions)
    assert sum(row["to"] is None for row in registry.history()) == 1
    assert registry.verify() == {}


def test_a_model_of_the_software_is_kept_when_the_software_moves_on(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shutil.copytree(MODELS, shipped)
    own = Registry(tmp_path / "own", shipped=shipped)
    version = own.in_use().version
    own.add(candidate(tmp_path, b"one"))
    shutil.rmtree(shipped / version)
    assert own.in_use().weights.is_file()


def test_the_commands_say_what_they_do(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = registry.add(candidate(tmp_path, b"one"))
    folder = ["--folder", str(registry.folder)]
    assert main([*folder, "use", version, "--by", "leader", "--why", "tried out"]) == 0
    assert main([*folder, "list"]) == 0
    shown = capsys.readouterr().out
    assert f"* {version}" in shown and f"{version}, by leader: tried out" in shown
    assert main([*folder, "use", "nothing"]) == 1
    assert main([*folder, "roll-back"]) == 0 and main([*folder, "roll-back"]) == 1
    assert main([*folder, "verify"]) == 0
    (registry.folder / version / "weights.pt").write_bytes(b"")
    assert main([*folder, "verify"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_running_city_takes_the_file_of_its_settings_before_its_registry(tmp_path: Path) -> None:
    settings = Settings(token_private_key=TOKEN_KEY, detection_models=tmp_path)  # type: ignore[arg-type]
    assert model_of(settings).version == Registry().in_use().version
    weights = tmp_path / "mine.pt"
    weights.write_bytes(b"mine")
    mine = model_of(settings.model_copy(update={"detection_weights": weights}))
    assert (mine.weights, mine.onnx, mine.card) == (weights, None, {}) and mine.version.startswith("mine+")


def test_looking_into_the_registry_brings_no_network_library_along() -> None:
    probe = (
        "import sys; from city_workers.detection.registry import Registry; Registry().in_use();"
        " print({'torch', 'ultralytics', 'onnxruntime', 'cv2'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.stdout.strip() == "set()", run.stderr
