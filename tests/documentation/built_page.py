"""What a page that was built links to, and what it can be linked at."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["BuiltPage", "broken_links", "inventory"]

_LINKS = {"a": "href", "img": "src", "link": "href", "script": "src"}


class BuiltPage(HTMLParser):
    """The links, anchors and text of an HTML file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.loaded: list[str] = []
        """What a browser fetches to show the page."""
        self.anchors: set[str] = set()
        self._text: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.text = "".join(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        for name in ("id", "name"):
            if attributes.get(name) and tag != "meta":
                self.anchors.add(str(attributes[name]))
        target = attributes.get(_LINKS.get(tag, ""))
        if target:
            self.links.append(target)
            if tag != "a":
                self.loaded.append(target)

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def targets(self) -> Iterator[tuple[str, Path, str]]:
        """Every link to the same site: as it is written, the file, the anchor."""
        for link in self.links:
            parts = urlsplit(link)
            if not parts.scheme and not parts.netloc:
                path = (self.path.parent / unquote(parts.path)).resolve() if parts.path else self.path
                yield link, path, unquote(parts.fragment)


def broken_links(pages: Mapping[Path, BuiltPage]) -> list[str]:
    """Links to files or anchors that are not there."""
    return [
        f"{page.path.name}: {link}"
        for page in pages.values()
        for link, path, anchor in page.targets()
        if not path.is_file() or (anchor and path in pages and anchor not in pages[path].anchors)
    ]


def inventory(file: Path) -> dict[str, str]:
    """The address of every documented Python name, from Sphinx's objects.inv."""
    content = file.read_bytes()
    header_end = 0
    for _ in range(4):
        header_end = content.index(b"\n", header_end) + 1
    found: dict[str, str] = {}
    for line in zlib.decompress(content[header_end:]).decode().splitlines():
        name, kind, _, address, _ = line.split(" ", 4)
        if kind.startswith("py:"):
            found[name] = address.replace("$", name)
    return found
