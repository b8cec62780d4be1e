"""What every typed result can do beyond its fields."""

from __future__ import annotations

import builtins
import json
import os
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, SupportsIndex, TypeVar, cast, overload

from ..errors import InvalidParameterError
from ..images import ImageInput
from .filtering import read_criteria, with_predictions
from .saving import write_file
from .summary import summarise
from .table import TableTask, iterate_rows, table_columns

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from .annotated_picture import AnnotatedPicture

__all__ = ["BoxMethods", "ListMethods", "ResultMethods"]

Prediction = TypeVar("Prediction")
Prediction_co = TypeVar("Prediction_co", covariant=True)


class _Holds(Protocol[Prediction_co]):
    """Has predictions; which ones is known to type checkers from the result they are asked of."""

    @property
    def predictions(self) -> Sequence[Prediction_co]: ...


class _Result(Protocol):
    """What the generated models have."""

    task: ClassVar[TableTask]

    def to_dict(self) -> dict[str, Any]: ...


class _HoldsOfDictionary(_Holds[Prediction_co], Protocol[Prediction_co]):
    def to_dict(self) -> dict[str, Any]: ...


class ResultMethods:
    """Views of one image's result."""

    __slots__ = ()

    task: ClassVar[TableTask]
    """The task that gives results of this kind."""

    def dict(self: _Result, *, by_alias: bool = True, exclude_none: bool = False) -> dict[str, Any]:
        """Give the plain dictionary, as `infer` returns it.

        The arguments are those with which `supervision.Detections.from_inference` calls this method.

        Args:
            by_alias: Always true: keys are the wire's names, such as `class`.
            exclude_none: Leave out fields that are `None`.

        """
        del by_alias
        plain = self.to_dict()
        return {key: value for key, value in plain.items() if value is not None} if exclude_none else plain

    # -- pictures

    def annotate(
        self: _Result, image: ImageInput, *, labels: bool = True, line_width: int | None = None
    ) -> npt.NDArray[np.uint8]:
        """Draw the result onto a copy of the image it was made from.

        Args:
            image: The same image that was sent, in any accepted form but a URL.
            labels: Whether to write names and confidences.
            line_width: Width of the boxes' lines, in pixels. Default: a four-hundredth of the longer side, at least 1.

        Returns:
            uint8, shape (height, width, 3), colour order BGR.

        Raises:
            InvalidInputFormatError: The image cannot be read.
            InvalidParameterError: It is a URL, or its size is not the size the result reports.
            InvalidResponseError: A coordinate is no number, or a mask cannot be read.

        """
        from .drawing import draw_result

        return draw_result(self.to_dict(), image, labels=labels, line_width=line_width)

    def picture(
        self: _Result, image: ImageInput, *, labels: bool = True, line_width: int | None = None
    ) -> AnnotatedPicture:
        """Draw the result onto a copy of the image, to be saved or shown in a notebook.

        Takes and raises what `annotate` does.

        Returns:
            The picture: `pixels` is what `annotate` gives, `save(path)` writes it to a file.

        """
        from .annotated_picture import AnnotatedPicture
        from .drawing import draw_result

        return AnnotatedPicture(draw_result(self.to_dict(), image, labels=labels, line_width=line_width))

    # -- tables and text

    def to_rows(self: _Result) -> list[builtins.dict[str, Any]]:
        """Give one flat dictionary for each prediction; the keys are the columns of `to_csv`, the values plain.

        Raises:
            InvalidResponseError: A value in the answer is not of its column's kind.

        """
        return list(iterate_rows(self.to_dict(), self.task))

    def to_pandas(self: _Result) -> pd.DataFrame:
        """Give a data frame with one row for each prediction; needs the extra `pandas`.

        The columns are those of the task (see `inference_ext.results.table`), also when nothing was found. Text is of
        type `string`, whole numbers are `Int64`, truth values `boolean`, other numbers `float64`.

        Raises:
            MissingDependencyError: pandas is not installed.
            InvalidResponseError: A value in the answer is not of its column's kind.

        """
        from .data_frame import data_frame

        return data_frame(list(iterate_rows(self.to_dict(), self.task)), self.task)

    def to_csv(self: _Result, path: str | os.PathLike[str] | None = None) -> str:
        """Give a CSV table with one row for each prediction, and write it to a file if one is named.

        Column names come first; they are those of the task (see `inference_ext.results.table`), also when nothing was
        found. The format is described in `inference_ext.results.csv_table`. For many images see `ResultTable`.

        Args:
            path: File to write; one that is there is replaced.

        Returns:
            The text, lines ending in CR LF.

        Raises:
            InvalidParameterError: The file cannot be written.
            InvalidResponseError: A value in the answer is not of its column's kind.

        """
        from .csv_table import csv_text, encode_csv

        text = csv_text(iterate_rows(self.to_dict(), self.task), table_columns(self.task))
        if path is not None:
            write_file(path, encode_csv(text))
        return text

    def to_json(self: _Result, path: str | os.PathLike[str] | None = None, *, indent: int | None = None) -> str:
        """Give the result as JSON, and write it to a file (UTF-8) if one is named.

        Reading it gives an equal result: `ObjectDetectionResult.from_dict(json.loads(text))`. Numbers that are none are
        written as `NaN` and `Infinity`, which Python's `json` reads and stricter readers refuse.

        Args:
            path: File to write; one that is there is replaced.
            indent: Spaces per level. Default: everything on one line.

        Raises:
            InvalidParameterError: The file cannot be written, or a field was set to what JSON has no form for.

        """
        try:
            text = json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
            content = text.encode()
        except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 has no form for
            text = json.dumps(self.to_dict(), indent=indent)
            content = text.encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise InvalidParameterError(f"the result cannot be written as JSON: {error}") from error
        if path is not None:
            write_file(path, content)
        return text

    # -- how it is shown

    def __repr__(self: _Result) -> str:
        return summarise(self, self.task)

    def _repr_html_(self: _Result) -> str:
        """Give a sketch of where things are and a table of the first 20 predictions; asked for by notebooks."""
        from .notebook import result_html

        return result_html(self, self.task)


class ListMethods(ResultMethods):
    """A result as a sequence of its predictions; without any it is false, as an empty list is."""

    __slots__ = ()

    def __len__(self: _Holds[Any]) -> int:
        return len(self.predictions)

    def __iter__(self: _Holds[Prediction]) -> Iterator[Prediction]:
        return iter(self.predictions)

    @overload
    def __getitem__(self: _Holds[Prediction], key: SupportsIndex) -> Prediction: ...
    @overload
    def __getitem__(self: _Holds[Prediction], key: slice) -> list[Prediction]: ...
    @overload
    def __getitem__(self, key: str) -> Any: ...
    def __getitem__(self: Any, key: Any) -> Any:
        # Texts are keys of the fields that this version does not know, as in every model.
        return self.additional_properties[key] if isinstance(key, str) else self.predictions[key]

    def __contains__(self: Any, key: object) -> bool:
        return key in self.additional_properties if isinstance(key, str) else key in self.predictions


class BoxMethods(ListMethods):
    """A result whose predictions are boxes with a class, or more than boxes."""

    __slots__ = ()

    def filter(
        self,
        *,
        classes: str | Collection[str] | None = None,
        min_confidence: float | None = None,
        min_area: float | None = None,
    ) -> Self:
        """Give a new result with some of the predictions, in their order; this one stays as it is.

        All else is kept, but for `visualization`: the server's picture shows all predictions, so it is left out when
        any of them is.

        Args:
            classes: Name of a class, or names of several; an empty collection keeps nothing. A name that no prediction
                has is no error. Default: all.
            min_confidence: Lowest confidence to keep, 0 to 1. Default: all.
            min_area: Smallest box to keep, in square pixels. Default: all.

        Raises:
            InvalidParameterError: A class is no name or empty, or a limit is no number or out of range.

        """
        criteria = read_criteria(classes, min_confidence, min_area)
        predictions: list[Any] = cast("Any", self).predictions
        kept = [one for one in predictions if criteria.accept(one.class_, one.confidence, box=one)]
        return with_predictions(self, kept, is_smaller=len(kept) < len(predictions))

    def crops(
        self: _HoldsOfDictionary[Prediction], image: ImageInput, *, padding: int = 0
    ) -> list[tuple[Prediction, npt.NDArray[np.uint8]]]:
        """Cut the boxes out of the image the result was made from.

        The sides of a box are rounded to whole pixels, at least one each way, and cut at the edges of the picture.

        Args:
            image: The same image that was sent, in any accepted form but a URL.
            padding: Pixels to add on each side, as far as the picture goes.

        Returns:
            Each prediction, in order, with its pixels: uint8, shape (height, width, 3), BGR, a copy. A box wholly
            outside the picture has pixels of shape (0, 0, 3), whatever the padding.

        Raises:
            InvalidInputFormatError: The image cannot be read.
            InvalidParameterError: It is a URL, its size is not the size the result reports, or `padding` is no number
                of pixels.
            InvalidResponseError: A side of a box is not a finite number.

        """
        from .crops import crop_boxes

        return list(zip(self.predictions, crop_boxes(self.to_dict(), image, padding=padding), strict=True))
