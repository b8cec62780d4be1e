"""The reading of built pages: what leads nowhere is seen."""

from __future__ import annotations

from pathlib import Path

from built_page import BuiltPage, broken_links

FIRST = """
<html><head><link rel="stylesheet" href="style.css"><script src="https://example.com/x.js"></script></head>
<body><h1 id="top">First</h1>
<a href="second.html#there">1</a> <a href="second.html#not-there">2</a> <a href="third.html">3</a> <a href="#top">4</a>
<a href="https://example.com/">5</a> <img src="missing.png"></body></html>
"""


def test_links_are_followed_to_their_anchors(tmp_path: Path) -> None:
    (tmp_path / "style.css").touch()
    (tmp_path / "first.html").write_text(FIRST)
    (tmp_path / "second.html").write_text('<p id="there">Second</p>')
    pages = {path: BuiltPage(path) for path in tmp_path.glob("*.html")}
    assert broken_links(pages) == [
        "first.html: second.html#not-there",
        "first.html: third.html",
        "first.html: missing.png",
    ]


def test_what_a_browser_loads_is_told_apart_from_links(tmp_path: Path) -> None:
    (tmp_path / "first.html").write_text(FIRST)
    page = BuiltPage(tmp_path / "first.html")
    assert page.loaded == ["style.css", "https://example.com/x.js", "missing.png"]
    assert "First" in page.text
