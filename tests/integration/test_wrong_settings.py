"""An operator with a wrong setting gets one sentence and exit code 2, and no secret is repeated."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import TOKEN_KEY

API = ["city_api.serve", "--port", "1"]
JOBS = ["city_workers.main"]
DETECTION = ["city_workers.detection.main"]
SEED = ["city_seed.load"]
SECRET = "not-base64-but-secret"


@pytest.mark.parametrize(
    ("process", "wrong", "sentence"),
    [
        (API, {"TOKEN_PRIVATE_KEY": SECRET}, "The setting TOKEN_PRIVATE_KEY is not right"),
        (JOBS, {"TOKEN_PRIVATE_KEY": SECRET}, "The setting TOKEN_PRIVATE_KEY is not right"),
        (SEED, {"TOKEN_PRIVATE_KEY": ""}, "The setting TOKEN_PRIVATE_KEY is not right"),
        (API, {"MOBILE_CONTRACTS": "/nowhere"}, "The manifest /nowhere/manifest.json cannot be read"),
        (API, {"SMS_GATEWAY": "http"}, "SMS_GATEWAY=http needs SMS_ENDPOINT and SMS_SECRET"),
        (JOBS, {"LOG_LEVEL": "LOUD"}, "The setting LOG_LEVEL is not right"),
        (JOBS, {"PUSH_GATEWAY": "fcm", "FCM_SERVICE_ACCOUNT": ""}, "needs FCM_SERVICE_ACCOUNT"),
        (DETECTION, {"DETECTION_WEIGHTS": "/nowhere/x.pt"}, "DETECTION_WEIGHTS names no file"),
        (API, {"MONGODB_URL": "mongodb://127.0.0.1:1/?w=1"}, "MONGODB_URL asks for w=1"),
        (JOBS, {"MONGODB_URL": "mongodb://127.0.0.1:1/?journal=false"}, "asks for journal=false"),
        (DETECTION, {"MONGODB_URL": "mongodb://127.0.0.1:1/?w=2"}, "MONGODB_URL asks for w=2"),
    ],
)
def test_one_sentence_and_no_secret(process: list[str], wrong: dict[str, str], sentence: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", *process],
        env={**os.environ, "TOKEN_PRIVATE_KEY": TOKEN_KEY, **wrong},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert sentence in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert SECRET not in ended.stdout + ended.stderr
