"""The fenced blocks of a page, each with what is to be done with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sybil import Document, Region
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer
from sybil.typing import Evaluator

__all__ = ["ROOT", "Block", "BlockParser", "blocks_of", "pages"]

ROOT = Path(__file__).parents[2]

#: What is written for the reader alone, and needs no check: settings of other programs.
ONLY_SHOWN = frozenset({"toml"})

#: Directives of Sphinx that stand in fences and are no code.
DIRECTIVES = frozenset({"{toctree}", "{eval-rst}", "{figure}", "{module-text}"})

_CODE_DIRECTIVE = "{code-block}"
_INFO = re.compile(r"(?P<info>[^\n]*)\n(?P<options>(?:[ \t]*:[\w-]+:[^\n]*\n)*)")
_CAPTION = re.compile(r":caption:\s*(\S+)")
_MARK = re.compile(r"<!-- not run: (?P<reason>[^\n]+?) -->\s*\Z")


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes:
        language: Its language, such as `python`; a directive has its braces.
        source: Its text.
        file: The name of the file it is, when it says so in a caption.
        reason: Why it does not run, when the page's source says that it does not.

    """

    language: str
    source: str
    file: str | None
    reason: str | None


def pages() -> list[Path]:
    """README.md and all pages of docs that are written in Markdown."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


class BlockParser:
    """Gives every fenced block of a document to one evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._lexer = RawFencedCodeBlockLexer(_INFO)
        self._evaluator = evaluator

    def __call__(self, document: Document) -> Iterator[Region]:
        for region in self._lexer(document):
            words = region.lexemes["info"].split() or [""]
            is_code = words[0] == _CODE_DIRECTIVE
            caption = _CAPTION.search(region.lexemes["options"])
            mark = _MARK.search(document.text, 0, region.start)
            region.parsed = Block(
                language=words[1] if is_code else words[0],
                source=region.lexemes["source"],
                file=caption[1] if is_code and caption else None,
                reason=mark["reason"] if mark else None,
            )
            region.evaluator = self._evaluator
            yield region


def blocks_of(page: Path) -> list[Block]:
    """All fenced blocks of a page, in order."""
    document = Document.parse(str(page), BlockParser(lambda _: None))
    return [example.parsed for example in document.examples()]
