"""The score map of anomaly detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pybase64

from ..errors import InvalidResponseError
from ..json_types import is_object

if TYPE_CHECKING:
    import numpy as np
else:
    from ..deferred_numpy import np

__all__ = ["decode_anomaly_map", "encode_anomaly_map"]


def decode_anomaly_map(value: Any) -> Any:
    """Decode `{"shape", "dtype": "float32", "data": base64}` to a float32 array of that shape.

    A map that came as nested lists is handed on as it is.

    Raises:
        InvalidResponseError: Shape, dtype and data do not fit together.

    """
    if not is_object(value):
        return value
    try:
        if value["dtype"] != "float32":
            # Not what it is: it may be long, and nest too deep to be written out.
            raise ValueError("its dtype is not 'float32'")
        data = pybase64.b64decode(value["data"], validate=True)
        shape = tuple(int(side) for side in value["shape"])
        if min(shape, default=0) < 0:  # to numpy, -1 is whatever fits
            raise ValueError(f"shape {shape}")
        return np.frombuffer(data, dtype="<f4").reshape(shape).astype(np.float32)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InvalidResponseError(f"the anomaly map in the answer cannot be read: {error}") from error


def encode_anomaly_map(value: Any) -> dict[str, Any]:
    """Bring a map back into the form of the answer; takes an array or nested lists.

    Raises:
        InvalidResponseError: The lists are of different lengths, or hold something else than numbers.

    """
    try:
        values = np.asarray(value, dtype="<f4")
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidResponseError(f"the anomaly map in the answer cannot be read: {error}") from error
    data = pybase64.b64encode(values.tobytes()).decode("ascii")
    return {"shape": list(values.shape), "dtype": "float32", "data": data}
