"""What the model learns from: pictures made harder, photos held out, a learnt backbone under a new head."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from ultralytics.nn.tasks import DetectionModel

from city_workers.detection.calibrate import _shift, held_out_samples
from city_workers.detection.dataset import gather
from city_workers.detection.labels import LABELS
from city_workers.detection.network import BLOCKS, prepare
from city_workers.detection.scenes import SceneBox, render_scene
from city_workers.detection.scenes.hardships import HARDSHIPS, make_hard
from city_workers.detection.soup import average
from city_workers.detection.train import AUGMENTATION, _slow_down
from city_workers.detection.training_log import note_stage
from city_workers.detection.weights_file import publish


@pytest.fixture(scope="module")
def litter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five made-up "photos" in the layout of the real ones."""
    folder = tmp_path_factory.mktemp("litter")
    for part in ("images", "labels"):
        (folder / part / "train").mkdir(parents=True)
    for number in range(5):
        image = Image.fromarray(np.random.default_rng(number).integers(0, 255, (160, 200, 3), np.uint8))
        image.save(folder / "images" / "train" / f"photo{number}.jpg")
        (folder / "labels" / "train" / f"photo{number}.txt").write_text("0 0.5 0.5 0.5 0.5\n")
    return folder


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in the shape of a learnt EfficientNet-Lite0, filled by chance."""
    torch.manual_seed(7)
    learnt: dict[str, torch.Tensor] = {"_conv_stem.weight": torch.randn(32, 3, 3, 3)}
    norms = {"_bn0": 32}
    for number, (taken, growth, given, kernel, *_) in enumerate(BLOCKS):
        path, wide = f"_blocks.{number}.", taken * growth
        if growth > 1:
            learnt[f"{path}_expand_conv.weight"] = torch.randn(wide, taken, 1, 1)
            norms[f"{path}_bn0"] = wide
        learnt[f"{path}_depthwise_conv.weight"] = torch.randn(wide, 1, kernel, kernel)
        learnt[f"{path}_project_conv.weight"] = torch.randn(given, wide, 1, 1)
        norms |= {f"{path}_bn1": wide, f"{path}_bn2": given}
    for name, width in norms.items():
        learnt |= {f"{name}.{part}": torch.rand(width) for part in ("weight", "bias", "running_mean")}
        learnt[f"{name}.running_var"] = torch.rand(width) + 0.5
    path = tmp_path_factory.mktemp("backbone") / "lite0.pth"
    torch.save(learnt, path)
    return path


def test_hardships_come_from_the_seed_and_leave_the_size() -> None:
    image = render_scene(42, size=(320, 240)).image
    first, second = (make_hard(image, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(np.asarray(first), np.asarray(second))
    assert first.size == image.size
    assert not np.array_equal(np.asarray(first), np.asarray(image))


@pytest.mark.parametrize("hardship", HARDSHIPS, ids=lambda hardship: hardship.__name__)
def test_each_hardship_changes_a_picture_but_does_not_wipe_it_out(hardship: object) -> None:
    image = np.asarray(render_scene(42, size=(320, 240)).image, np.float32)
    hard = np.clip(hardship(image, np.random.default_rng(5)), 0, 255)  # type: ignore[operator]
    assert hard.shape == image.shape
    assert np.abs(hard - image).mean() > 1
    assert hard.std() > 5


def test_held_out_photos_are_in_no_picture_that_is_learnt_from(litter: Path, tmp_path: Path) -> None:
    gathered = gather(
        tmp_path, litter, rendered=2, validation=1, litter_repeats=3, collages=0, hold_out=3, hard_every=2
    )
    listed = [Path(line) for line in (tmp_path / "train.txt").read_text().split()]
    assert [photo.stem for photo in gathered.held_out] == ["photo0", "photo3"]
    assert (gathered.litter, len(listed)) == (3, 2 + 3 * 3)
    assert not any("photo0" in path.stem or "photo3" in path.stem for path in listed)
    assert sum(path.parent.name == "hard" for path in listed) == 6
    for path in listed:
        assert (tmp_path / "labels" / path.parent.name / f"{path.stem}.txt").exists()
    first, *_ = held_out_samples(gathered.held_out)
    assert first.truth == (SceneBox("litter", 0.25, 0.25, 0.5, 0.5),)


def test_the_record_of_a_stage_says_how_it_was_taught(litter: Path, tmp_path: Path) -> None:
    gathered = gather(
        tmp_path, litter, rendered=1, validation=1, litter_repeats=1, collages=0, hold_out=5, hard_every=4
    )
    note_stage(
        tmp_path, gathered, goes_on=False, epochs=1, image_size=320, seconds=60, frozen=3, backbone=True
    )
    text = (tmp_path / "training.json").read_text()
    for said in ('"litter_held_out": 1', '"hard_every": 4', '"frozen_layers": 3', '"new_backbone": true'):
        assert said in text


def test_a_new_network_holds_the_learnt_backbone_and_can_be_published(backbone: Path, tmp_path: Path) -> None:
    made = torch.load(prepare(backbone, tmp_path / "start.pt"), weights_only=False)["model"]
    learnt = torch.load(backbone, weights_only=True)
    assert made.stride.tolist() == [8, 16, 32]
    narrow = made.model[3][-1].cv2.conv.weight
    assert torch.equal(narrow, learnt["_blocks.15._project_conv.weight"])
    assert publish(tmp_path / "start.pt", tmp_path / "out" / "new.pt").stat().st_size < 12 * 1024 * 1024


def test_the_backbone_sees_the_colours_it_learnt_with(backbone: Path, tmp_path: Path) -> None:
    """The stem takes 0..1, and answers as the learnt one does to the same picture in its own -1..1."""
    stem = torch.load(prepare(backbone, tmp_path / "start.pt"), weights_only=False)["model"].model[0][0]
    learnt = torch.load(backbone, weights_only=True)
    picture = torch.rand(1, 3, 16, 16)
    scaled = (picture * 255 - 127) / 128
    told = torch.nn.functional.conv2d(scaled, learnt["_conv_stem.weight"], stride=2, padding=1)
    parts = (learnt[f"_bn0.{name}"] for name in ("running_mean", "running_var", "weight", "bias"))
    expected = torch.nn.functional.batch_norm(told, *parts, eps=1e-3).clamp(0, 6)
    with torch.no_grad():
        seen = stem.eval()(picture)
    inner = (..., slice(1, None), slice(1, None))  # without the rim, which is padded in another grey
    assert torch.allclose(seen[inner], expected[inner], atol=1e-2)


def test_a_nano_network_lends_its_head_but_no_backbone(backbone: Path, tmp_path: Path) -> None:
    nano = DetectionModel("yolo26n.yaml", ch=3, nc=len(LABELS), verbose=False)
    torch.save({"model": nano}, tmp_path / "nano.pt")
    made = torch.load(prepare(backbone, tmp_path / "start.pt", tmp_path / "nano.pt"), weights_only=False)[
        "model"
    ]
    theirs, ours = nano.state_dict(), made.state_dict()
    assert torch.equal(ours["model.18.cv2.0.0.conv.weight"], theirs["model.23.cv2.0.0.conv.weight"])
    learnt = torch.load(backbone, weights_only=True)
    assert torch.equal(ours["model.3.0.cv2.conv.weight"], learnt["_blocks.11._project_conv.weight"])


def test_calibrating_shifts_each_label_by_its_own_amount(backbone: Path, tmp_path: Path) -> None:
    weights = publish(prepare(backbone, tmp_path / "start.pt"), tmp_path / "new.pt")
    before = torch.load(weights, weights_only=False)["model"].model[-1].one2one_cv3[0][-1].bias.clone()
    _shift(weights, [0.0, 0.5, 0.0, 0.0, 0.0, 0.0, -1.0])
    after = torch.load(weights, weights_only=False)["model"].model[-1].one2one_cv3[0][-1].bias
    assert torch.allclose(after - before, torch.tensor([0, 0.5, 0, 0, 0, 0, -1.0]).half(), atol=1e-2)


def test_a_soup_is_the_mean_of_its_models(backbone: Path, tmp_path: Path) -> None:
    first = prepare(backbone, tmp_path / "first.pt")
    second = prepare(backbone, tmp_path / "second.pt")  # the same backbone under another head of chance
    heads = [torch.load(path, weights_only=False)["model"].model[-1] for path in (first, second)]
    mixed = torch.load(average([first, second], tmp_path / "soup.pt"), weights_only=False)["model"]
    mean = (heads[0].cv2[0][0].conv.weight + heads[1].cv2[0][0].conv.weight) / 2
    assert not torch.equal(heads[0].cv2[0][0].conv.weight, mean)
    assert torch.allclose(mixed.model[-1].cv2[0][0].conv.weight, mean)


def test_the_rate_falls_with_every_step() -> None:
    group = {"initial_lr": 1.0, "lr": 0.0}
    trainer = SimpleNamespace(
        epochs=2,
        train_loader=range(5),
        args=SimpleNamespace(time=None, lrf=0.1),
        optimizer=SimpleNamespace(param_groups=[group]),
    )
    rates = []
    for _ in range(10):
        _slow_down(trainer)
        rates.append(group["lr"])
    assert rates[0] == 1.0
    assert rates == sorted(rates, reverse=True)
    assert 0.1 <= rates[-1] < 0.2
    assert AUGMENTATION["mosaic"] > 0
