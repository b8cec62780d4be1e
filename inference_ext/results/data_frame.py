"""A result as a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InvalidResponseError
from .optional_library import import_extra
from .table import TableTask, table_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["data_frame"]

_TYPES = {
    **dict.fromkeys(("class", "detection_id", "parent_id", "points", "keypoints", "rle"), "string"),
    **dict.fromkeys(("class_id", "tracker_id", "pixel_count"), "Int64"),
    **dict.fromkeys(("is_predicted", "is_anomalous"), "boolean"),
}


def data_frame(rows: list[dict[str, Any]], task: TableTask) -> pd.DataFrame:
    """Make a data frame of rows.

    Args:
        rows: As `table_rows` gives them.
        task: Says the columns, also when there are no rows.

    Returns:
        One row per prediction, numbered from 0. Text is of type `string`, whole numbers are `Int64`, truth values
        `boolean` (all three know missing values), other numbers `float64`, with NaN where there is none.

    Raises:
        MissingDependencyError: pandas is not installed.
        InvalidResponseError: A number does not fit into 64 bits.

    """
    pandas = import_extra("pandas", "to_pandas")
    try:
        series = {
            name: pandas.Series([row[name] for row in rows], dtype=_TYPES.get(name, "float64"))
            for name in table_columns(task)
        }
        frame: pd.DataFrame = pandas.DataFrame(series)
    except (OverflowError, TypeError, ValueError) as error:
        raise InvalidResponseError(f"the result does not fit into a data frame: {error}") from error
    return frame
