"""Each kind of picture, handed over in each way, reaches the server as the picture that was meant, or is refused.

The calls go through the public client to a server that records them. What was found is docs/pixels.md; the test of the
page writes it with `--write-pages`.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from recording_server import RecordingServer, Reply, Request, detector, recording_server

from inference_ext import HTTPClientError, InferenceConfiguration, InferenceHTTPClient, URLPolicy
from inference_ext.images import Size
from inference_ext.images.downsizing import fit_within
from inference_ext.images.formats import sniff_format
from tests.images.matrix_files import ANEW, FILES, NOT_PICTURES, UNTOUCHED, EncodedPicture
from tests.images.matrix_inputs import KINDS, Kind, Place
from tests.images.matrix_page import Cell, page
from tests.images.matrix_pixels import ARRAYS, MODES
from tests.images.pictures import Pixels, decoded, encoded

PAGE = Path(__file__).parents[2] / "docs" / "pixels.md"
WRITE = "python3 scripts/test.py tests/images/test_pixel_matrix.py --write-pages"

#: Downsizing by name: the side of the model's input, `None` where it is off. Pictures are 90 x 60.
DOWNSIZING: dict[str, int | None] = {"off": None, "larger": 200, "smaller": 32}


@dataclass
class Bench:
    """A recording server with pictures behind URLs, and a client for each kind of downsizing."""

    server: RecordingServer
    folder: Path
    clients: dict[str, InferenceHTTPClient]
    pictures: dict[str, bytes] = field(default_factory=dict)

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/pictures/"):
            return Reply(self.pictures[request.path], headers={"Content-Type": "application/octet-stream"})
        if request.path.startswith("/model/"):
            side = {model: side for model, side in DOWNSIZING.items() if side}
            described = [
                {"model_id": f"{model}/1", "task_type": "object-detection", "input_height": side, "input_width": side}
                for model, side in side.items()
            ]
            return Reply({"models": [*described, {"model_id": "off/1", "task_type": "object-detection"}]})
        return detector(request)

    def place(self, name: str, picture: EncodedPicture) -> Place:
        file_name = re.sub(r"\W+", "-", name) + picture.extension
        path = self.folder / file_name
        path.write_bytes(picture.data)
        self.pictures[f"/pictures/{file_name}"] = picture.data
        return Place(path, f"{self.server.url}/pictures/{file_name}")

    def send(self, value: Any, downsizing: str) -> Request | str:
        """Give the request that carried the image, or the words with which it was refused."""
        self.server.requests.clear()
        try:
            self.clients[downsizing].infer(value, model_id=f"{downsizing}/1")
        except HTTPClientError as error:
            assert not self._inferences(), "refused, but sent"
            return str(error)
        (request,) = self._inferences()
        return request

    def _inferences(self) -> list[Request]:
        return [request for request in self.server.requests if request.path.startswith("/infer/")]


@pytest.fixture(scope="module")
def bench() -> Generator[Bench]:
    with ExitStack() as stack:
        server = stack.enter_context(recording_server())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        policy = URLPolicy(allow_non_global_addresses=True)
        clients: dict[str, InferenceHTTPClient] = {}
        for name, side in DOWNSIZING.items():
            client = InferenceHTTPClient(server.url, api_key="KEY-1", url_policy=policy)
            clients[name] = stack.enter_context(client)
            client.configure(InferenceConfiguration(image_format="png", client_downsizing_disabled=side is None))
        made = Bench(server, folder, clients)
        server.answer = made.answer
        yield made


def _bytes_sent(request: Request) -> bytes:
    return base64.b64decode(request.json["image"]["value"])


def _shrunk(meant: Pixels, side: int) -> Pixels:
    size = fit_within(Size(meant.shape[1], meant.shape[0]), Size(side, side))
    return np.asarray(cv2.resize(meant, (size.width, size.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _check_pixels(request: Request, meant: Pixels, downsizing: str, tolerance: int, *, is_lossy: bool) -> None:
    side = DOWNSIZING[downsizing]
    expected = meant if side is None else _shrunk(meant, side)
    seen = request.image()
    assert seen.shape == expected.shape
    difference = np.abs(seen.astype(int) - expected)
    if downsizing == "smaller" and is_lossy:
        # Decoded at half the size, which averages in another order.
        assert difference.mean() < 3
    else:
        assert difference.max() <= tolerance + (downsizing == "smaller" and tolerance > 0)


def _outcome(request: Request, data: bytes | None) -> str:
    return UNTOUCHED if data is not None and _bytes_sent(request) == data else ANEW


TO_DO = re.compile(r"expected|convert|pass (its|an) |use |check the path|InferenceConfiguration|again|write it anew")


def _check_words(words: str, expected: str, named: str) -> None:
    assert expected in words
    assert named in words
    assert TO_DO.search(words), "says not what to do"


# -- cells: what becomes of one picture, by kind of input and downsizing

Cells = dict[str, dict[str, Cell]]
"""Of one picture: by downsizing and kind of input."""


def encoded_cells(bench: Bench, name: str, picture: EncodedPicture) -> Cells:
    place = bench.place(name, picture)
    return {
        downsizing: {
            kind: _encoded_cell(bench, picture, place, KINDS[kind], downsizing)
            for kind in KINDS
            if KINDS[kind].takes(picture)
        }
        for downsizing in DOWNSIZING
    }


def _encoded_cell(bench: Bench, picture: EncodedPicture, place: Place, kind: Kind, downsizing: str) -> Cell:
    value = kind.hand_over(picture, place)
    found = bench.send(value, downsizing)
    if picture.meant is None:
        assert isinstance(found, str), "sent, but is no picture"
        if kind.named(place) == "base64 text" and sniff_format(picture.data) is None:
            _check_words(found, "base64 text" if value else "is empty text", f"image {value[:60]!r}"[:-1])
        else:
            # Pillow finds only when it decodes that a file is cut short.
            by_pillow = not kind.is_encoded and "cut short" in picture.outcome
            _check_words(found, "cannot be decoded" if by_pillow else picture.outcome, kind.named(place))
        return Cell.refused(found, [str(place.path), place.url, bench.server.url])
    assert not isinstance(found, str), found
    tolerance = 0 if kind.is_encoded else picture.tolerance
    _check_pixels(found, picture.meant, downsizing, tolerance, is_lossy=picture.is_lossy)
    outcome = _outcome(found, picture.data)
    if kind.is_encoded:
        assert outcome == (ANEW if downsizing == "smaller" else picture.outcome)
    else:
        assert outcome == ANEW
    return Cell(outcome)


def decoded_cells(bench: Bench, value: Any, expected: Pixels | str, named: str) -> Cells:
    cells: Cells = {}
    for downsizing in DOWNSIZING:
        found = bench.send(value, downsizing)
        if isinstance(expected, str):
            assert isinstance(found, str), "sent, but must be refused"
            _check_words(found, expected, named)
            cells[downsizing] = {named: Cell.refused(found, [])}
        else:
            assert not isinstance(found, str), found
            _check_pixels(found, expected, downsizing, 0, is_lossy=False)
            cells[downsizing] = {named: Cell(ANEW)}
    return cells


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Cells]]:
    """What the tests below found, by table and row, for the page."""
    return {"files": {}, "not pictures": {}, "arrays": {}, "modes": {}, "places": {}}


Found = dict[str, dict[str, Cells]]


@pytest.mark.parametrize("name", FILES)
def test_encoded_pictures(name: str, bench: Bench, found: Found) -> None:
    found["files"][name] = encoded_cells(bench, name, FILES[name])


@pytest.mark.parametrize("name", NOT_PICTURES)
def test_what_is_no_picture(name: str, bench: Bench, found: Found) -> None:
    found["not pictures"][name] = encoded_cells(bench, name, NOT_PICTURES[name])


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays(name: str, bench: Bench, found: Found) -> None:
    make, expected = ARRAYS[name]
    found["arrays"][name] = decoded_cells(bench, make(), expected, "array")


@pytest.mark.parametrize("name", MODES)
def test_modes_of_pillow(name: str, bench: Bench, found: Found) -> None:
    make, expected = MODES[name]
    found["modes"][name] = decoded_cells(bench, make(), expected, "PIL image")


@pytest.mark.parametrize("name", ["a mistyped path", "a folder", "a web page of an error"])
def test_places_without_a_picture(name: str, bench: Bench, found: Found) -> None:
    place = Place(bench.folder / "streat.jpg", f"{bench.server.url}/pictures/lost")
    bench.pictures["/pictures/lost"] = b"<html>Not here</html>"
    words = {
        "a mistyped path": "no such file",
        "a folder": "is a directory: pass its files",
        "a web page of an error": "expected JPEG",
    }[name]
    path = bench.folder if name == "a folder" else place.path
    values = {"URL": place.url} if name.startswith("a web") else {"path": str(path), "pathlib": path}
    cells: Cells = {}
    for downsizing in DOWNSIZING:
        cells[downsizing] = {}
        for kind, value in values.items():
            refused = bench.send(value, downsizing)
            assert isinstance(refused, str)
            _check_words(refused, words, str(value))
            cells[downsizing][kind] = Cell.refused(refused, [str(path), place.url])
    found["places"][name] = cells


def test_the_page_is_what_was_found(bench: Bench, found: Found, request: pytest.FixtureRequest) -> None:
    """Runs what was left out by a selection of tests."""
    for name in FILES.keys() - found["files"].keys():
        test_encoded_pictures(name, bench, found)
    for name in NOT_PICTURES.keys() - found["not pictures"].keys():
        test_what_is_no_picture(name, bench, found)
    for name in ARRAYS.keys() - found["arrays"].keys():
        test_arrays(name, bench, found)
    for name in MODES.keys() - found["modes"].keys():
        test_modes_of_pillow(name, bench, found)
    for name in {"a mistyped path", "a folder", "a web page of an error"} - found["places"].keys():
        test_places_without_a_picture(name, bench, found)
    order = {"files": FILES, "not pictures": NOT_PICTURES, "arrays": ARRAYS, "modes": MODES}
    in_order = {table: {name: rows[name] for name in order.get(table, sorted(rows))} for table, rows in found.items()}
    text = page(in_order, WRITE)
    if request.config.getoption("--write-pages"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, f"docs/pixels.md is not what was found: {WRITE}"


# -- rules

PIXELS = hnp.arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30), st.just(3)))


@settings(max_examples=40, deadline=None)
@given(pixels=PIXELS, dtype=st.sampled_from(["uint8", "uint16", "int16", "int64", "float32", "float64"]))
def test_any_array_arrives_as_it_was_meant(bench: Bench, pixels: Pixels, dtype: str) -> None:
    array: Any = pixels.astype(dtype)
    if dtype == "uint16":
        array = array * 257
    elif dtype.startswith("float"):
        array = array / np.array(255, dtype)
    request = bench.send(array, "off")
    assert not isinstance(request, str), request
    assert np.array_equal(request.image(), pixels)


@settings(max_examples=40, deadline=None)
@given(
    pixels=PIXELS,
    file_format=st.sampled_from(["PNG", "BMP", "TIFF", "JPEG"]),
    kind=st.sampled_from(sorted(KINDS)),
    downsizing=st.sampled_from(["off", "larger"]),
)
def test_any_encoded_picture_arrives_as_it_was_meant(
    bench: Bench, pixels: Pixels, file_format: str, kind: str, downsizing: str
) -> None:
    data = encoded(np.ascontiguousarray(pixels[:, :, ::-1]), file_format)
    picture = EncodedPicture(data, UNTOUCHED, decoded(data))
    if file_format != "JPEG":
        assert np.array_equal(decoded(data), pixels)
    request = bench.send(KINDS[kind].hand_over(picture, bench.place("random", picture)), downsizing)
    assert not isinstance(request, str), request
    assert np.array_equal(request.image(), decoded(data))
    assert (_bytes_sent(request) == data) == KINDS[kind].is_encoded or file_format == "PNG"
