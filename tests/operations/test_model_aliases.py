from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_ext.operations.model_aliases import MODEL_ALIASES, resolve_model_id


@pytest.mark.parametrize(
    ("name", "model_id"),
    [
        ("yolov8n-640", "coco/3"),
        ("yolov11x-1280", "coco/34"),
        ("yolo26n-seg-640", "coco-dataset-vdnr1/27"),
        ("yolov26n-seg-640", "coco-dataset-vdnr1/27"),
        ("florence-2-base", "florence-pretrains/3"),
        ("paligemma-3b-ft-docvqa-224", "paligemma-pretrains/12"),
    ],
)
def test_short_names_stand_for_ids_of_the_platform(name: str, model_id: str) -> None:
    assert resolve_model_id(name) == model_id


def test_table_is_complete_sorted_and_cannot_be_changed() -> None:
    assert (len(MODEL_ALIASES), len(set(MODEL_ALIASES.values()))) == (152, 112)
    assert list(MODEL_ALIASES) == sorted(MODEL_ALIASES)
    with pytest.raises(TypeError):
        MODEL_ALIASES["mine"] = "mine/1"  # type: ignore[index]  # what the test is about


@pytest.mark.parametrize(("name", "model_id"), MODEL_ALIASES.items())
def test_every_name_leads_to_one_id_that_stands_for_itself(name: str, model_id: str) -> None:
    assert resolve_model_id(name) == model_id
    assert resolve_model_id(model_id) == model_id


@given(st.text().filter(lambda text: text not in MODEL_ALIASES))
def test_any_other_id_stays(model_id: str) -> None:
    assert resolve_model_id(model_id) == model_id


def test_ids_have_the_two_parts_the_server_takes() -> None:
    odd = {model_id for model_id in MODEL_ALIASES.values() if not re.fullmatch(r"[\w-]+/[\w-]+", model_id)}
    assert odd == set()
