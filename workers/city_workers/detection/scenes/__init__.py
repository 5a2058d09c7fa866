"""Rendered street scenes with known problems: for training, for tests and for the demo's phones."""

from city_workers.detection.scenes.compose import render_scene
from city_workers.detection.scenes.model import Scene, SceneBox
from city_workers.detection.scenes.report_photo import render_report_photo

__all__ = ["Scene", "SceneBox", "render_report_photo", "render_scene"]
