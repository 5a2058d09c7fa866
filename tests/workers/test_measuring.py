"""Figures of models are the same each time, are those on the card, and decide which model is let in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from city_workers.detection import evaluate
from city_workers.detection.dataset import VALIDATION_SEEDS
from city_workers.detection.detector import Detector
from city_workers.detection.engines.export import export
from city_workers.detection.figures import measured_figures
from city_workers.detection.gate import REFUSED, offer
from city_workers.detection.measure import FAINTEST, SPOT_CHECK_PHOTOS, Sets, spot_check
from city_workers.detection.registry import Registry
from city_workers.detection.samples import rendered_samples, scenes_mark
from city_workers.detection.scoring import THRESHOLDS, Tally, wilson
from city_workers.detection.weights_file import WEIGHTS, save


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first scenes of those that models are measured on, rendered once."""
    folder = tmp_path_factory.mktemp("rendered")
    list(rendered_samples(folder, VALIDATION_SEEDS[:SPOT_CHECK_PHOTOS]))
    return folder


def test_the_card_holds_what_measuring_gives_and_gives_again(rendered: Path) -> None:
    card = Registry().in_use().card
    detector = Detector(WEIGHTS, image_size_px=card["image_size_px"], least_confidence=FAINTEST)
    once, again = (json.loads(json.dumps(spot_check(detector, rendered))) for _ in range(2))
    assert once == again
    assert card["scenes"] == scenes_mark(), "the renderer has changed: `make evaluate` measures anew"
    assert card["spot_check"]["photos"] == once["photos"] == SPOT_CHECK_PHOTOS
    for stored, found in zip(card["spot_check"]["scores"], once["scores"], strict=True):
        assert stored["label"] == found["label"] and stored["present"] == found["present"]
        assert abs(stored["reported"] - found["reported"]) <= 1, "another machine may round one find away"
        assert stored["map50"] == pytest.approx(found["map50"], abs=0.02)


def test_the_card_says_for_each_label_what_is_known_of_it() -> None:
    files = Registry().in_use()
    known = measured_figures(dict(files.card), files.version)
    assert set(known) == {row["label"] for row in files.card["rendered"]["scores"]}
    for label, figures in known.items():
        assert figures["on"] == ("REAL" if label == "litter" else "RENDERED")
        assert 0 < figures["precision"] <= 1 and figures["samples"] > 0


def test_few_photos_say_little() -> None:
    assert wilson(0, 0) is None
    assert wilson(10, 10) == (0.722, 1.0)  # of ten right ones, Wilson's lower bound
    assert wilson(1, 2) == (0.095, 0.905)
    assert wilson(0, 20) == (0.0, 0.161)
    low, high = wilson(500, 1000) or (0, 0)
    assert high - low < 0.07


def test_what_is_not_here_is_said_and_never_recorded_as_nothing(
    tmp_path: Path, rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Registry(tmp_path / "models")
    own.write_card(own.in_use().version, own.in_use().card)
    line = [
        "--models",
        str(own.folder),
        "--folder",
        str(rendered),
        "--rendered",
        "4",
        "--litter",
        str(tmp_path),
    ]
    before = own.in_use().card
    assert evaluate.main([*line, "--record"]) == 0
    told = capsys.readouterr()
    assert "NOT MEASURED on real litter photos" in told.err and "NOT RECORDED" in told.err
    assert "vendor_stall" in told.out and "real " not in told.out
    assert own.in_use().card == before


def test_a_worse_model_is_refused_and_let_in_only_with_a_reason(
    tmp_path: Path, rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = without_real_figures(tmp_path)
    before = registry.in_use().version
    worse = worse_weights(tmp_path / "worse.pt")
    sets = Sets(rendered, rendered=4, spot_check=0, looks=1)
    assert offer(worse, registry, sets) == REFUSED
    assert registry.in_use().version == before
    told = capsys.readouterr().out
    assert "Refused:" in told and "before" in told
    assert offer(worse, registry, sets, forced_because="trying out") == 0
    files = registry.in_use()
    assert files.version != before and files.onnx is not None and files.card["model"] == files.version
    assert registry.history()[-1]["why"].startswith("forced: trying out; the rule said: ")
    assert registry.roll_back(by="leader", why="tried out") == before and registry.verify() == {}


def test_the_onnx_form_is_made_of_its_weights(tmp_path: Path) -> None:
    files = Registry().in_use()
    assert files.onnx is not None
    assert export(files.weights, tmp_path / "again.onnx").read_bytes() == files.onnx.read_bytes()


def squeezed(photo: bytes) -> Any:
    import io

    from PIL import Image

    picture = Image.open(io.BytesIO(photo)).convert("RGB").resize((320, 224))
    return np.asarray(picture, np.float32).transpose(2, 0, 1)[None] / 255


def pixels_as_tensor(pixels: Any) -> Any:
    import torch

    return torch.from_numpy(pixels)


def without_real_figures(folder: Path) -> Registry:
    """A registry whose model was never measured on real photos, as these are not part of the project."""
    registry = Registry(folder / "models")
    files = registry.in_use()
    nothing = {"photos": 0, "scores": [], "curves": {}}
    registry.write_card(files.version, {**files.card, "real": nothing})
    return registry


def worse_weights(path: Path) -> Path:
    """The weights that ship, made half blind."""
    import torch

    shutil.copyfile(WEIGHTS, path)
    saved = torch.load(path, map_location="cpu", weights_only=False)
    for branch in saved["model"].model[-1].one2one_cv3:
        branch[-1].bias.data -= 4
    return save(saved, path)


def test_the_curve_names_every_threshold() -> None:
    tally = Tally("litter", 3, [(0.9, True), (0.4, False), (0.6, True)])
    by_threshold = {point["threshold"]: point for point in tally.curve()}
    assert tuple(by_threshold) == THRESHOLDS
    assert by_threshold[0.5] == {"threshold": 0.5, "reported": 2, "precision": 1.0, "recall": 0.667}
    assert by_threshold[0.9]["reported"] == 1
