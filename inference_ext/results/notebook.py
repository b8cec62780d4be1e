"""A result as a notebook shows it: a sketch of where things are, and the first predictions as a table.

Needs no image. Everything that comes from an answer is escaped or is a number; sizes are bounded, whatever the answer
holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from html import escape
from itertools import islice
from typing import Any, TypeGuard

from ..errors import HTTPClientError
from ..json_types import is_array, is_object
from .palette import colour_of, html_colour
from .summary import number_text, shown
from .table import TableTask, iterate_rows, table_columns

__all__ = ["result_html"]

#: Rows of the table.
_MOST_ROWS = 20

#: Objects of the sketch, and points of one object.
_MOST_OBJECTS, _MOST_POINTS = 300, 200

#: Sides of the sketch, in pixels of the notebook.
_WIDEST, _HIGHEST = 420, 320

#: Nothing that can be seen is further away.
_FARTHEST = 1e6

#: Columns that say nothing to a reader, or are too long.
_HIDDEN = {"x_min", "y_min", "x_max", "y_max", "class_confidence", "detection_id", "parent_id", "points", "rle"}


def result_html(result: Any, task: TableTask) -> str:
    """Write the HTML of one image's typed result."""
    plain = _beginning(result)
    parts = [f"<p><code>{escape(repr(result))}</code></p>", _sketch(plain)]
    try:
        parts.append(_table(plain, task))
    except HTTPClientError as error:
        # Not raised: a notebook would show the traceback, and none of the result.
        parts.append(f"<p>No table: {escape(str(error)[:500])}</p>")
    return f"<div>{''.join(parts)}</div>"


def _beginning(result: Any) -> dict[str, Any]:
    """Give the dictionary of a result with as many predictions as are looked at."""
    predictions = result.predictions
    if is_array(predictions) and len(predictions) > _MOST_OBJECTS:
        result = copy(result)
        result.predictions = predictions[: _MOST_OBJECTS + 1]
    plain: dict[str, Any] = result.to_dict()
    return plain


# -- the table


def _table(result: dict[str, Any], task: TableTask) -> str:
    columns = [name for name in table_columns(task) if name not in _HIDDEN]
    rows = list(islice(iterate_rows(result, task), _MOST_ROWS + 1))
    if not rows:
        return ""
    columns = [name for name in columns if any(row[name] is not None for row in rows)]
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(_row(row, columns) for row in rows[:_MOST_ROWS])
    more = f"<p>Only the first {_MOST_ROWS} are shown.</p>" if len(rows) > _MOST_ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _row(row: dict[str, Any], columns: list[str]) -> str:
    return "<tr>" + "".join(_cell(name, row[name]) for name in columns) + "</tr>"


def _cell(column: str, value: Any) -> str:
    if column == "class":
        mark = f'<span style="color:{html_colour(colour_of(value))}">&#9632;</span> '
        return f'<td style="text-align:left">{mark}{escape(shown(value))}</td>'
    if column == "keypoints":
        return f"<td>{str(value).count('{')} points</td>"
    if value is None:
        return "<td></td>"
    if isinstance(value, bool):
        return f"<td>{'yes' if value else 'no'}</td>"
    return f"<td>{escape(shown(value) if isinstance(value, str) else number_text(value))}</td>"


# -- the sketch


def _sketch(result: dict[str, Any]) -> str:
    image, predictions = result.get("image"), result.get("predictions")
    if not (is_object(image) and is_array(predictions)):
        return ""
    width, height = image.get("width"), image.get("height")
    if not (_is_side(width) and _is_side(height)):
        return ""
    factor = min(_WIDEST / width, _HIGHEST / height)
    drawn = [one for one in predictions[:_MOST_OBJECTS] if is_object(one)]
    shapes = "".join(shape for one in drawn for shape in _shapes(one, dot=3 / factor))
    if not shapes:
        return ""
    size = f'width="{max(1, round(width * factor))}" height="{max(1, round(height * factor))}"'
    more = f"<p>Only the first {_MOST_OBJECTS} are sketched.</p>" if len(predictions) > _MOST_OBJECTS else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number_text(width)} {number_text(height)}" {size} '
        f'preserveAspectRatio="none" style="background:#eee;max-width:100%">{shapes}</svg>{more}'
    )


def _is_side(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _FARTHEST


def _shapes(prediction: dict[str, Any], dot: float) -> Iterator[str]:
    """Give outline, box and key points; what has no place, because a coordinate is no number, is left out."""
    name = shown(prediction.get("class"))
    title = f"<title>{escape(name)} {escape(number_text(prediction.get('confidence')))}</title>"
    colour = _html_colour(prediction)
    line = f'stroke="{colour}" stroke-width="1.5" vector-effect="non-scaling-stroke"'
    outline = " ".join(f"{x},{y}" for x, y, _ in _points(prediction.get("points")))
    if outline.count(" ") > 1:
        yield f'<polygon points="{outline}" fill="{colour}" fill-opacity="0.3" {line}>{title}</polygon>'
    x, y, width, height = (_coordinate(prediction.get(key)) for key in ("x", "y", "width", "height"))
    if x is not None and y is not None and width is not None and height is not None and min(width, height) >= 0:
        left, top = number_text(x - width / 2), number_text(y - height / 2)
        box = f'x="{left}" y="{top}" width="{number_text(width)}" height="{number_text(height)}"'
        yield f'<rect {box} fill="{colour}" fill-opacity="0.05" {line}>{title}</rect>'
    for across, down, point in _points(prediction.get("keypoints")):
        place = f'cx="{across}" cy="{down}" r="{number_text(dot)}" fill="{_html_colour(point)}"'
        yield f"<circle {place}><title>{escape(shown(point.get('class')))}</title></circle>"


def _points(points: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give some of the points, evenly spread."""
    every: list[Any] = points if is_array(points) else []
    for point in every[:: max(1, -(-len(every) // _MOST_POINTS))]:
        if is_object(point):
            x, y = _coordinate(point.get("x")), _coordinate(point.get("y"))
            if x is not None and y is not None:
                yield number_text(x), number_text(y), point


def _coordinate(value: Any) -> float | None:
    """Give a coordinate that can be shown; one that is no number (NaN) compares as false."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and -_FARTHEST <= value <= _FARTHEST else None


def _html_colour(named: dict[str, Any]) -> str:
    name = named.get("class")
    return html_colour(colour_of(name if isinstance(name, str) else ""))
