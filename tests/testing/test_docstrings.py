"""The examples in the docstrings run and give what they show."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import inference_ext.testing
from inference_ext.testing import InferenceScript

MODULES = sorted(module.name for module in pkgutil.iter_modules(inference_ext.testing.__path__))
WITH_EXAMPLES = {"script", "clients", "faults"}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(f"inference_ext.testing.{name}")
    names = {each: getattr(inference_ext.testing, each) for each in inference_ext.testing.__all__}
    names |= {"np": np, "picture": np.full((48, 64, 3), 90, np.uint8)}
    result = doctest.testmod(module, extraglobs=names)
    assert result.failed == 0
    assert (result.attempted > 0) == (name in WITH_EXAMPLES)


def test_every_public_name_is_documented() -> None:
    for name in inference_ext.testing.__all__:
        assert name in dir(inference_ext.testing)
        assert getattr(inference_ext.testing, name) is not None
    for kind in (
        InferenceScript,
        *(getattr(inference_ext.testing, f"Scripted{n}") for n in ("Model", "Workflow", "Route")),
    ):
        for name, member in vars(kind).items():
            assert name.startswith("_") or member.__doc__, f"{kind.__name__}.{name}"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = inference_ext.testing.nothing
