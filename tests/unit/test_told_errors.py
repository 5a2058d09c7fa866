"""Failures are told without their words: a truth that cannot be reached is busy, all else unexpected."""

from __future__ import annotations

import pytest
from graphql import GraphQLError
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError

from city_api.problems import told


@pytest.mark.parametrize(
    ("failure", "code", "retryable"),
    [
        (ServerSelectionTimeoutError("10.0.0.7:27017 refused"), "BUSY", True),
        (AutoReconnect("primary gone"), "BUSY", True),
        (OperationFailure("secret field"), "UNEXPECTED", True),
        (KeyError("secret"), "UNEXPECTED", True),
    ],
)
def test_failures_are_masked(failure: Exception, code: str, retryable: bool) -> None:
    error = told(GraphQLError("secret words", path=["cases"], original_error=failure), "en")
    assert error.extensions is not None
    assert (error.extensions["code"], error.extensions["retryable"]) == (code, retryable)
    assert len(error.extensions["reference"]) == 12
    assert "secret" not in str(error.formatted) and "10.0.0.7" not in str(error.formatted)
