"""Valid bytes and valid JSON values, spoiled in a few places."""

from __future__ import annotations

from typing import Any

from inference_ext.json_types import is_array, is_object

from .choices import Choices
from .json_text import Raw
from .pictures import PICTURE_TEXTS

__all__ = ["any_json", "mutated_bytes", "mutated_json"]


def _nested(depth: int, before: str, after: str) -> Raw:
    return Raw(before * depth + "0" + after * depth)


#: In place of anything. The depths: what Python's stack still bears, what is too deep for it, the decoder's limit.
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    1.5,
    -0.0,
    1e-320,
    2**31,
    2**62,
    2**63,
    2**64 - 1,
    -(2**63),
    Raw("1" + "0" * 400),
    Raw("1e308"),
    Raw("-1e308"),
    Raw("1e400"),
    Raw("NaN"),
    Raw("-Infinity"),
    "",
    "0",
    "nothing",
    "9" * 5000,
    "line\nbreak\x00\x1b[31m",
    "ünï\u2028code \U0001f600",
    "0" * 70_000,
    Raw('"\\ud800"'),
    [],
    {},
    [[]],
    [None],
    {"": None},
    [1e9, 1e9],
    [10**9, 10**9],
    [2**32, 2**32],
    [-1, -1],
    list(range(70)),
    {"size": [10**5, 10**5], "counts": [10**10]},
    {"size": [2**32, 2**32], "counts": [2**64]},
    {"size": [6, 8], "counts": [48]},
    {"size": [0, 0], "counts": []},
    {"type": "base64", "value": "nothing"},
    {"shape": [2**63, 0], "dtype": "float32", "data": ""},
    {"shape": [1, 1], "dtype": "float32", "data": "AAAAAA=="},
    _nested(100, "[", "]"),
    _nested(330, '{"a":[', "]}"),
    _nested(1000, "[", "]"),
    _nested(1000, '{"a":', "}"),
    _nested(3000, "[", "]"),
    Raw("tru"),
    Raw(""),
    *PICTURE_TEXTS,
)

_KEYS = (
    "", "a", "type", "value", "x", "y", "width", "height", "class", "confidence", "points", "keypoints", "rle", "size",
    "counts", "image", "predictions", "visualization", "anomaly_map", "mask_metadata", "coordinate_system",
    "original_image", "segmentation_mask", "confidence_mask", "class_map", "top", "models", "embeddings", "__class__",
    "message", "detail", "error", "loc", "msg", "help_url", "inner_error_message", "blocks_errors",
)  # fmt: skip


def any_json(choices: Choices, depth: int = 3) -> Any:
    """Give some JSON value."""
    kind = choices.below(4 if depth else 2)
    if kind == 0:
        return _copied(choices.pick(ODD_VALUES))
    if kind == 1:
        return choices.take(choices.below(8)).decode("latin-1")
    if kind == 2:
        return [any_json(choices, depth - 1) for _ in range(choices.below(4))]
    return {choices.pick(_KEYS): any_json(choices, depth - 1) for _ in range(choices.below(4))}


def mutated_json(value: Any, choices: Choices) -> Any:
    """Give a copy of a JSON value that is changed in up to three places."""
    root = [_copied(value)]
    for _ in range(choices.below(4)):
        container, key = choices.pick(_places(root))
        _spoil(container, key, choices)
    return root[0]


def _places(root: list[Any]) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting: list[Any] = [root]
    while waiting:
        container = waiting.pop()
        entries: Any = container.items() if is_object(container) else enumerate(container)
        for key, inner in entries:
            found.append((container, key))
            if isinstance(inner, dict | list):
                waiting.append(inner)
    return found or [(root, 0)]


def _spoil(container: Any, key: Any, choices: Choices) -> None:
    kind = choices.below(8)
    inner = container[key]
    if kind == 0 and isinstance(container, dict):
        del container[key]
    elif kind == 1:
        container[key] = [inner]
    elif kind == 2 and isinstance(container, dict):
        container[choices.pick(_KEYS)] = any_json(choices, 2)
    elif kind == 3 and isinstance(inner, list):
        container[key] = [*inner, *_copied(inner)] if choices.flag() else inner[1:]
    elif kind == 4:
        container[key] = any_json(choices, 2)
    else:
        container[key] = _copied(choices.pick(ODD_VALUES))


def _copied(value: Any) -> Any:
    if is_object(value):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if is_array(value) else value


def mutated_bytes(data: bytes, choices: Choices) -> bytes:
    """Give a copy of some bytes that is changed in up to four places."""
    for _ in range(choices.below(5)):
        at = choices.below(min(len(data) + 1, 65536))
        kind = choices.below(6)
        if kind == 0:
            data = data[:at]
        elif kind == 1:
            data = data[:at] + data[at + 1 + choices.below(16) :]
        elif kind == 2:
            data = data[:at] + choices.take(1 + choices.below(8)) + data[at:]
        elif kind == 3:
            end = at + 1 + choices.below(64)
            data = data[:at] + data[at:end] * 2 + data[end:]
        elif kind == 4:
            data = data[:at] + choices.pick((b"\xff", b"\0", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff", b"\r\n"))
            data += data[at:]
        else:
            changed = choices.take(1)
            data = data[:at] + changed + data[at + len(changed) :]
    return data
