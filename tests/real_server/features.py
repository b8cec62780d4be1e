"""What some servers have and others lack.

A test that needs a feature says so with `needs`. Where the server under test lacks it, the test is left out before
the run, and the end of the run lists the feature with the number of such tests. Ways of old servers that are worth a
test stand here as well: the current one lacks them.

The versions are those that the lane tests: a feature may be older than the first of them that has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from real_server.settings import Engine
from real_server.under_test import ServerUnderTest

from tests.real_server.under_test import server_under_test

Has = Callable[[ServerUnderTest], bool]


@dataclass(frozen=True)
class Feature:
    """Something a test may need."""

    what: str
    """As the report names it."""
    has: Has
    """Tells whether a server has it."""

    @property
    def is_here(self) -> bool:
        """Whether the server under test has it."""
        return self.has(server_under_test())


def needs(*features: Feature) -> pytest.MarkDecorator:
    """Mark a test, or one of its parameters, that only servers with these features can pass."""
    return pytest.mark.needs(*features)


def missing_feature(item: pytest.Item) -> Feature | None:
    """Return the first feature that a test needs and the server under test lacks."""
    wanted = (feature for mark in item.iter_markers("needs") for feature in mark.args)
    return next((feature for feature in wanted if not feature.is_here), None)


def since(version: str) -> Has:
    """Build the question whether a server is `version` or newer."""
    return lambda server: numbers(server.version) >= numbers(version)


def before(version: str) -> Has:
    """Build the question whether a server is older than `version`."""
    return lambda server: numbers(server.version) < numbers(version)


def runs(engine: Engine) -> Has:
    """Build the question whether a server runs its models on this engine."""
    return lambda server: server.engine is engine


def numbers(version: str) -> tuple[int, ...]:
    """Split a version for comparison."""
    return tuple(int(part) for part in version.split("."))


# Tasks and parameters
SEMANTIC_SEGMENTATION = Feature("semantic segmentation", since("1.8.3"))
MASK_FORMAT = Feature("instance masks that name their format", since("1.8.3"))
RUN_LENGTH_MASKS = Feature("masks as run lengths", runs(Engine.LOCAL))
NAMED_THRESHOLDS = Feature("confidence 'best' and 'default'", since("1.8.3"))
NUMERIC_THRESHOLDS_ONLY = Feature("a server that knows thresholds as numbers only", before("1.8.3"))

# Ways of the engines
BATCHES_OF_CLASSIFICATION = Feature("classification of several pictures in one request", runs(Engine.LOCAL))
SHORT_BATCHES = Feature("an engine that classifies only the first picture of a request", runs(Engine.LEGACY))

# Around the models
HEALTH = Feature("GET /healthz", since("1.8.3"))
REQUEST_PATHS = Feature("a registry that remembers the paths of requests", since("1.8.3"))
SIZE_OF_EMPTY_PICTURES = Feature("workflows that know the size of a picture without finds", since("1.8.3"))
CURRENT_STEPS = Feature("the workflow steps of the current version", since("1.8.3"))
KEY_CHECK = Feature("a server that refuses calls without a key", lambda server: server.checks_keys)
HEADER_KEYS = Feature("keys in the Authorization header", since("1.8.3"))
PLATFORM_REFUSALS_TOLD_APART = Feature("a status of its own for each refusal of the platform", since("1.8.3"))
HELP_URLS = Feature("errors with a help_url", since("1.8.3"))
WORKFLOW_VERSIONS = Feature("versions of saved workflows", since("1.8.3"))
