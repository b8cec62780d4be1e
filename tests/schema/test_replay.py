"""The upgrades of the past: every server version on the way builds, and the way ends at our document."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from schema_tools.availability import known_versions
from schema_tools.document import OPAQUE, is_array, is_object
from schema_tools.layout import Layout
from server_upgrade.replay import Step, replay

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Step], Path]:
    folder = tmp_path_factory.mktemp("replay")
    return list(replay(folder, generates=False)), folder


def without_texts(node: Any) -> Any:
    if is_array(node):
        return [without_texts(value) for value in node]
    if not is_object(node):
        return node
    return {
        key: value if key in OPAQUE else without_texts(value)
        for key, value in node.items()
        if not (key in {"description", "summary"} and isinstance(value, str))
    }


def test_every_version_on_the_way_builds(replayed: tuple[list[Step], Path]) -> None:
    steps, _ = replayed
    oldest, *others = known_versions(Layout())
    assert oldest == "0.58.3"
    assert [step.version for step in steps] == others
    assert len(others) >= 4


def test_the_last_step_gives_our_document(replayed: tuple[list[Step], Path]) -> None:
    _, folder = replayed
    last, ours = (without_texts(layout.load(layout.document)) for layout in (Layout(folder), Layout()))
    groups = [sorted(tag["name"] for tag in document.pop("tags")) for document in (last, ours)]
    assert groups[0] == groups[1]  # in another order: a group that came later stands at the end
    assert last == ours


def test_operations_came_and_went_as_the_documents_say(replayed: tuple[list[Step], Path]) -> None:
    steps, _ = replayed
    documents = list(known_versions(Layout()).values())
    counts = [sum(len(item) for item in document["paths"].values()) for document in documents]
    assert [step.operations_added - step.operations_removed for step in steps] == [
        after - before for before, after in itertools.pairwise(counts)
    ]


def test_no_step_is_without_a_trace_of_the_server(replayed: tuple[list[Step], Path]) -> None:
    steps, _ = replayed
    for step in steps:
        assert step.texts_written >= step.operations_added, step
        assert step.names_confirmed + step.names_changed >= step.operations_added, step
