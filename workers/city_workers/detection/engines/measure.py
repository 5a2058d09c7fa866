"""Measures the engines here: milliseconds a photo and memory; run as
`python -m city_workers.detection.engines.measure`."""

from __future__ import annotations

import argparse
import io
import json
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from city_workers.detection.detector import Detector
from city_workers.detection.engines.pictures import Prepared
from city_workers.detection.scenes import render_scene
from city_workers.detection.weights_file import WEIGHTS

_ROUNDS = 15
_BATCHES = (1, 4, 8)


@dataclass(frozen=True)
class Measured:
    """How long a photo takes by the size of its batch, median without decoding; this process's memory."""

    engine: str
    threads: int
    milliseconds_in_batches_of: dict[int, float]
    memory_mb: int
    most_memory_mb: int

    def __str__(self) -> str:
        each = self.milliseconds_in_batches_of.items()
        times = ", ".join(f"{size}: {taken:.1f} ms" for size, taken in each)
        runs = f"{self.engine}, {self.threads} thread(s); a photo in batches of {times}"
        return f"{runs}; {self.most_memory_mb} MB"


def measure(engine: str, threads: int, weights: Path = WEIGHTS) -> Measured:
    """Measure one engine in this process."""
    detector = Detector(weights, engine=engine, threads=threads)
    picture = detector.prepared(_photo())
    times = {size: _milliseconds(detector, picture, size) for size in _BATCHES}
    return Measured(detector.engine.name, threads, times, _memory_mb("VmRSS"), _memory_mb("VmHWM"))


def _photo() -> bytes:
    out = io.BytesIO()
    render_scene(6_300_000, size=(640, 480)).image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _milliseconds(detector: Detector, picture: Prepared, size: int) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        detector.look_at_all([picture] * size)
        times.append((time.perf_counter() - began) * 1000 / size)
    return statistics.median(times)


def _memory_mb(which: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(which))


def main(arguments: list[str] | None = None) -> int:
    """Measure each engine in a process of its own, so that the memory of one is not counted for another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("torch", "onnx"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.engine:
        measured = measure(options.engine, options.threads)
        print(json.dumps(asdict(measured)) if options.json else measured, flush=True)
        return 0
    command = [sys.executable, "-m", "city_workers.detection.engines.measure"]
    for engine in ("torch", "onnx"):
        for threads in ("1", "2"):
            subprocess.run([*command, "--engine", engine, "--threads", threads], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
