"""Every class reads and writes its JSON without loss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from inference_api import UNSET, models
from schema_values import smallest, values

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "openapi" / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
#: A form to upload has no JSON.
FORMS = {"V0ImageUpload"}
CLASSES = sorted(name for name, schema in SCHEMAS.items() if "properties" in schema and name not in FORMS)

TRIES = settings(
    max_examples=50,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_classes_under_test_are_all_that_have_json() -> None:
    readable = {name for name in models.__all__ if hasattr(getattr(models, name), "from_dict")}
    assert set(CLASSES) == readable


@pytest.mark.parametrize("name", CLASSES)
def test_what_is_read_is_written(name: str) -> None:
    model = getattr(models, name)

    @TRIES
    @given(values(SCHEMAS[name], SCHEMAS))
    def check(value: dict[str, Any]) -> None:
        before = json.dumps(value)
        one = model.from_dict(value)
        assert one.to_dict() == value
        assert model.from_dict(one.to_dict()) == one
        assert json.dumps(value) == before, "reading changes its input"

    check()


@pytest.mark.parametrize("name", CLASSES)
def test_nothing_is_written_that_was_not_given(name: str) -> None:
    value = smallest(SCHEMAS[name], SCHEMAS)
    assert getattr(models, name).from_dict(value).to_dict() == value


def test_none_is_not_unset() -> None:
    left_out = models.ClipCompareRequest(subject="a", prompt="b")
    null = models.ClipCompareRequest(subject="a", prompt="b", api_key=None)
    assert left_out.api_key is UNSET
    assert left_out.to_dict() == {"subject": "a", "prompt": "b"}
    assert null.to_dict() == {"subject": "a", "prompt": "b", "api_key": None}
    assert left_out != null
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_unknown_fields_are_kept_and_can_be_changed() -> None:
    one = models.ServerVersionInfo.from_dict({"name": "n", "version": "1", "uuid": "u", "new": [1]})
    assert one.additional_properties == {"new": [1]}
    assert one.additional_keys == ["new"]
    assert "new" in one
    assert list(one) == ["new"]
    one["new"] = 2
    one["more"] = 3
    del one["new"]
    assert one.to_dict() == {"name": "n", "version": "1", "uuid": "u", "more": 3}


@pytest.mark.parametrize(
    "prompt",
    [
        "text",
        {"type": "url", "value": "http://x"},
        ["a", "b"],
        [{"type": "url", "value": "http://x"}, "b"],
        {"first": "a", "second": {"type": "url", "value": "http://x"}},
    ],
)
def test_every_form_of_a_clip_prompt_is_read(prompt: object) -> None:
    value = {"subject": "a", "prompt": prompt}
    assert models.ClipCompareRequest.from_dict(value).to_dict() == value


def test_a_wrong_constant_and_a_missing_field_are_refused() -> None:
    with pytest.raises(KeyError, match="model_id"):
        models.AddModelRequest.from_dict({})
    constants = [
        (name, field, row["const"])
        for name in CLASSES
        for field, row in SCHEMAS[name]["properties"].items()
        if "const" in row
    ]
    assert len(constants) > 10
    for name, field, constant in constants:
        value = {**smallest(SCHEMAS[name], SCHEMAS), field: f"not {constant}"}
        with pytest.raises(ValueError, match=f"{field} must be"):
            getattr(models, name).from_dict(value)
