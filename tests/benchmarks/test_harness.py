"""The parts that judge: what a client got wrong must not become a figure."""

from __future__ import annotations

import base64
import math
import os
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.chart import Panel, draw
from benchmarks.child import BenchmarkError, running_child
from benchmarks.fitting import exponent, slope
from benchmarks.page import write_block
from benchmarks.results import CEILING, OURS, PEER, Results
from benchmarks.targets import AtMost, CeilingShare, Flat, Lighter, Ratio, Target
from benchmarks.worker import are_in_order


def results() -> Results:
    """Three pairs; the machine is ten times slower during the last."""
    made = Results()
    for peer, ours, slowness in ((4.0, 1.0, 1), (6.0, 1.0, 1), (5.0, 1.0, 10)):
        made.add("job", PEER, {"wall": peer * slowness, "memory": 150.0, "connections": 200.0})
        made.add("job", OURS, {"wall": ours * slowness, "memory": 30.0, "connections": 8.0})
        made.add("job", CEILING, {"wall": 0.9 * slowness})
        made.add("long", OURS, {"memory": 36.0})
    return made


@pytest.mark.parametrize(
    ("target", "measured", "met"),
    [
        (Ratio("wall", 5), "5.0x", True),
        (Ratio("wall", 5.1), "5.0x", False),
        (CeilingShare(0.9), "90%", True),
        (CeilingShare(0.95), "90%", False),
        (AtMost("connections", 8), "8.0", True),
        (AtMost("connections", 7), "8.0", False),
        (Lighter("memory", 120), "120 MB less", True),
        (Lighter("memory", 121), "120 MB less", False),
        (Ratio("lag_worst", 2), "", None),
    ],
)
def test_targets_are_judged_by_the_median_of_pairs(target: Target, measured: str, met: bool | None) -> None:
    verdict = target.judge("job", results())
    assert (verdict.measured, verdict.met) == (measured, met)


def test_a_job_is_compared_with_another() -> None:
    assert Flat("memory", "job", 1.2).judge("long", results()).met is True
    assert Flat("memory", "job", 1.1).judge("long", results()).met is False


def test_swapped_results_are_noticed(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a", "b", "c")]
    answers: list[dict[str, str]] = []
    for path, size in zip(paths, (10, 200, 3000), strict=True):
        Path(path).write_bytes(bytes(size))
        answers.append({"inference_id": f"{99 + len(base64.b64encode(bytes(size))):012}"})
    assert are_in_order(answers, paths)
    assert not are_in_order([answers[1], answers[0], answers[2]], paths)


def test_fits() -> None:
    assert exponent([(1, 3), (10, 300), (100, 30000)]) == pytest.approx(2)
    assert exponent([(10, 5), (100, 5), (1000, 5)]) == pytest.approx(0)
    assert slope([(0, 1), (10, 3), (20, 5)]) == pytest.approx(0.2)
    assert math.isnan(exponent([(1, 1)]))


def test_charts_are_svg() -> None:
    panel = Panel("Time < memory", "images", "s", {"ours": [(10, 0.1), (1000, 9.5)], "peer": [(10, 1), (1000, 95)]})
    root = ElementTree.fromstring(draw([panel, panel]))
    lines = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 4
    for line in lines:
        (x1, y1), (x2, y2) = ((float(value) for value in point.split(",")) for point in line.attrib["points"].split())
        assert x1 < x2 <= 400
        assert y1 > y2 >= 0


def test_a_block_of_the_page_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- a: written by a command -->\nold\n<!-- end of a -->\nafter\n")
    write_block("a", "new", page)
    write_block("a", "newer", page)
    assert page.read_text() == ("before\n<!-- a: written by a command -->\n\nnewer\n\n<!-- end of a -->\nafter\n")
    with pytest.raises(BenchmarkError, match="no block 'b'"):
        write_block("b", "new", page)


def test_a_child_that_hangs_is_given_up_and_ended() -> None:
    command = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
    begun = time.monotonic()
    with running_child("sleeper", command) as child:
        process = int(child.hear(20))
        os.kill(process, 0)
        with pytest.raises(BenchmarkError, match="sleeper said nothing for 0 s"):
            child.hear(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert time.monotonic() - begun < 30  # it did not wait for its end


def test_the_words_of_a_child_that_fails_are_shown() -> None:
    with (
        running_child("failing", [sys.executable, "-c", "raise SystemExit('the reason')"]) as child,
        pytest.raises(BenchmarkError, match="failing ended early\nthe reason"),
    ):
        child.hear(20)
