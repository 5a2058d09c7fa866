"""Where the weights that ship lie and how they get there, cleaned of everything but the model."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from city_workers.detection.engine import open_library

MODELS = Path(__file__).parent / "models"
WEIGHTS = MODELS / json.loads((MODELS / "registry.json").read_text())["in_use"] / "weights.pt"
CANDIDATE = Path(".local/stages/candidate.pt")


def version_of(weights: Path, name: str | None = None) -> str:
    """The name under which findings of exactly this file are recorded: a name and the start of its hash.

    A model in the registry is called as its folder is, if its bytes are what the folder's name says.
    """
    digest = sha256(weights.read_bytes()).hexdigest()[:8]
    if name is None and weights.parent.name.endswith(f"+{digest}"):
        return weights.parent.name
    return f"{name or weights.stem}+{digest}"


def publish(checkpoint: Path, output: Path = CANDIDATE) -> Path:
    """Write the averaged weights of a checkpoint, without optimizer, paths or other traces of the machine."""
    open_library()
    import torch

    saved = torch.load(checkpoint, map_location="cpu", weights_only=False)
    model = (saved.get("ema") or saved["model"]).half().eval()
    _clean(model)
    output.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "model": model,
        "train_args": dict(model.args),
        "epoch": -1,
        "version": saved.get("version"),
        "license": saved.get("license"),
    }
    return save(kept, output)


def save(kept: dict[str, Any], output: Path) -> Path:
    """Write a weights file so that the same weights always give the same bytes, and so the same version."""
    import torch

    buffer = io.BytesIO()  # a file would leave its own name in the archive
    torch.save(kept, buffer)
    output.write_bytes(buffer.getvalue())
    return output


def _clean(model: Any) -> None:
    model.args = {"task": "detect", "model": "yolo26n.yaml", "imgsz": int(_setting(model.args, "imgsz", 416))}
    model.criterion = None
    model.yaml = {key: value for key, value in model.yaml.items() if key != "yaml_file"} | {
        "yaml_file": "yolo26n.yaml"
    }
    for attribute in ("pt_path", "ckpt_path"):
        if hasattr(model, attribute):
            delattr(model, attribute)
    for parameter in model.parameters():
        parameter.requires_grad = False


def _setting(args: Any, name: str, otherwise: Any) -> Any:
    return args.get(name, otherwise) if isinstance(args, dict) else getattr(args, name, otherwise)
