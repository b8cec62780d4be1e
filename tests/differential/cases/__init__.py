"""All cases; a new method is one more `single(...)` in the module of its kind."""

from __future__ import annotations

from differential.case import Case
from differential.cases import (
    configuration,
    core_models,
    errors,
    inputs,
    results,
    scopes,
    server_control,
    streams,
    workflows,
)

__all__ = ["ALL_CASES"]

ALL_CASES: list[Case] = [
    *inputs.CASES,
    *results.CASES,
    *configuration.CASES,
    *scopes.CASES,
    *server_control.CASES,
    *errors.CASES,
    *streams.CASES,
    *core_models.CASES,
    *workflows.CASES,
]
