"""One case: some calls on one fresh client, what the server answers, and how the client is set up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from differential.answers import Answerer, models

__all__ = ["KEY", "Case", "Environment", "Step", "block", "both_shells", "call", "given", "single"]

KEY = "KEY-of-the-test"

Shell = Literal["sync", "async"]
Environment = Mapping[str, str | None]
"""Environment variables to set; `None` takes one away."""


@dataclass(frozen=True)
class Step:
    """One call, the reading of one property, or a block of `use_...` with steps inside."""

    name: str
    keywords: dict[str, Any] = field(default_factory=dict)
    kind: Literal["call", "property", "block"] = "call"
    inside: Sequence[Step] = ()
    """The steps of a block; its outcome is the list of theirs."""

    in_a_thread: bool = False
    """Whether the steps of a block run in a thread that is started in it."""


@dataclass(frozen=True)
class Case:
    """What both libraries are told to do.

    `id` is what the table of differences refers to, such as `infer/v1/path/sync`.
    """

    id: str
    steps: Sequence[Step]
    mode: Literal["v0", "v1"] | None = "v1"
    shell: Shell = "sync"
    key: str | None = KEY
    configuration: dict[str, Any] | None = field(default_factory=lambda: {"max_concurrent_requests": 1})
    server: Callable[[], Answerer] = models
    """Makes what answers; called afresh for each library, because some answers count the requests."""

    unordered: bool = False
    """Whether requests may arrive in any order (several in flight, or a directory)."""

    api_url: str = "{url}"
    """The client's address; `{url}` stands for that of the recording server."""

    environment: Environment = field(default_factory=dict)
    """What is different in the environment of the libraries, which are started for each one of these."""

    def message(self, media: str, url: str) -> dict[str, Any]:
        """What the runner is sent."""
        return {
            "media": media,
            "url": url,
            "api_url": self.api_url,
            "key": self.key,
            "mode": self.mode,
            "shell": self.shell,
            "configuration": self.configuration,
            "steps": [asdict(step) for step in self.steps],
        }


def call(name: str, **keywords: Any) -> Step:
    return Step(name, keywords)


def block(name: str, keywords: dict[str, Any], *inside: Step, in_a_thread: bool = False) -> Step:
    return Step(name, keywords, "block", inside, in_a_thread)


def given(kind: str, of: Any) -> dict[str, Any]:
    """Mark a value that only the runner can make: a path, an array, a picture, ..."""
    return {"$": kind, "of": of}


def single(case_id: str, name: str, keywords: dict[str, Any] | None = None, **settings: Any) -> Case:
    """A case of one call."""
    return Case(case_id, [Step(name, keywords or {})], **settings)


def both_shells(cases: Sequence[Case]) -> list[Case]:
    """Each case through the blocking method and through its asyncio twin."""
    shells: tuple[Shell, Shell] = ("sync", "async")
    return [replace(case, id=f"{case.id}/{shell}", shell=shell) for case in cases for shell in shells]
