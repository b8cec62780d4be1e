"""A small builder for ONNX graphs: one method call adds one operator."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, DTypeLike

__all__ = ["FLOAT", "GraphBuilder", "Shape"]

# Imported by name: onnx exists only in the server's environment, out of the type checkers' sight.
onnx: Any = import_module("onnx")
helper: Any = import_module("onnx.helper")
numpy_helper: Any = import_module("onnx.numpy_helper")

FLOAT: int = onnx.TensorProto.FLOAT
OPSET = 12
IR_VERSION = 7

Shape = list[str | int]
"""A tensor's shape; a string names a dimension that varies, such as the batch."""


class GraphBuilder:
    """Collects operators and constants; tensors are known by their names."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._names = 0

    def constant(self, values: ArrayLike, dtype: DTypeLike = np.float32) -> str:
        """Add a constant and return its name."""
        name = self._new_name("constant")
        self._constants.append(numpy_helper.from_array(np.asarray(values, dtype=dtype), name))
        return name

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator with one output and return that output's name."""
        return self.add_many(operator, 1, *inputs, **attributes)[0]

    def add_many(self, operator: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """Add an operator with several outputs and return their names."""
        names = [self._new_name(operator.lower()) for _ in range(outputs)]
        self._nodes.append(helper.make_node(operator, list(inputs), names, **attributes))
        return names

    def build(self, input_shape: Shape, outputs: Sequence[tuple[str, str, Shape]]) -> bytes:
        """Return the checked model as bytes.

        Args:
            input_shape: Shape of the one input, `images`, float32.
            outputs: Per output: the tensor, the name it is published under, its shape; float32.

        """
        published = [helper.make_node("Identity", [tensor], [name]) for tensor, name, _ in outputs]
        graph = helper.make_graph(
            [*self._nodes, *published],
            "analytic",
            [helper.make_tensor_value_info("images", FLOAT, input_shape)],
            [helper.make_tensor_value_info(name, FLOAT, shape) for _, name, shape in outputs],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        serialised: bytes = model.SerializeToString()
        return serialised

    def _new_name(self, stem: str) -> str:
        self._names += 1
        return f"{stem}_{self._names}"
