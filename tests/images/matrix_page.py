"""The page docs/pixels.md out of what the matrix found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Cell", "page"]


@dataclass(frozen=True)
class Cell:
    """What became of a picture: one word, and the words of the error where it was refused."""

    outcome: str
    words: str = ""

    @staticmethod
    def refused(words: str, names: Iterable[str]) -> Cell:
        """Make the cell of a refusal; the input's own name is left out of the words, it differs from run to run."""
        for name in names:
            words = words.replace(name, "…")
        words = re.sub(r"\d+ bytes", "N bytes", words)  # differs between versions of the encoders
        words = re.sub(r"<_io\.BytesIO object at \w+>", "…", words)
        words = re.sub(r"image '(ZGVhc|RGVhc|data:)[^']*'( |:)", r"image '…'\2", words)
        words = re.sub(r"image '…\.\.\. \(\d+ characters\)'", "image '…'", words)
        words = re.sub(r"^image (bytes|base64 text|file object|file '…'|URL '…'|'…')", "image …", words)
        return Cell("refused", words)


Table = Mapping[str, Mapping[str, Mapping[str, Cell]]]
"""By row, downsizing and kind of input."""

_HEAD = """# What becomes of each kind of picture

Each row is a picture, each column a way to hand it over. The calls went through `infer` to a server that records what
it is sent and decodes it as the Inference server does (OpenCV, `IMREAD_COLOR`).

- **untouched**: the server got the very bytes, and they show it the picture that was meant.
- **anew**: the picture was decoded and encoded by this package (here with `image_format="png"`), and the server got the
  pixels that were meant.
- **refused (n)**: an error, and nothing was sent. The words are below the tables; `…` stands for the name of the input.

Where a cell has two entries, the second is for downsizing to less than the picture's size. With downsizing to more
than its size, every cell is as without downsizing. Alpha is dropped in all of them: the colours that are underneath
count. PIL images are turned as Pillow's `exif_transpose` does, which also follows an orientation in XMP; OpenCV, and so
the server with a file's bytes, knows that in EXIF only.

An image of more than `InferenceConfiguration.max_image_pixels` (178,956,970) pixels is refused by what its header
tells, before it is sent or decoded.

This page is made by `{command}`.
"""


def page(found: Mapping[str, Table], command: str) -> str:
    """Make the page."""
    refusals: list[str] = []
    parts = [
        _HEAD.format(command=command),
        _section("Image files", found["files"], refusals),
        _section("Files that are no picture", found["not pictures"] | found["places"], refusals),
        _section("Arrays", found["arrays"], refusals),
        _section("PIL images", found["modes"], refusals),
        "## Refusals\n\n" + "\n".join(f"{number}. {words}" for number, words in enumerate(refusals, 1)) + "\n",
        _counts(found),
    ]
    return "\n".join(parts)


def _section(title: str, table: Table, refusals: list[str]) -> str:
    kinds = list(dict.fromkeys(kind for row in table.values() for cells in row.values() for kind in cells))
    lines = [f"## {title}", "", f"| picture | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
    for name, row in table.items():
        assert row["off"] == row["larger"], f"{name}: a limit above the size makes a difference"
        shown = [_shown(row["off"].get(kind), row["smaller"].get(kind), refusals) for kind in kinds]
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"


def _shown(whole: Cell | None, smaller: Cell | None, refusals: list[str]) -> str:
    if whole is None or smaller is None:
        return "-"
    texts = [_text(cell, refusals) for cell in (whole, smaller)]
    return texts[0] if texts[0] == texts[1] else " / ".join(texts)


def _text(cell: Cell, refusals: list[str]) -> str:
    if not cell.words:
        return cell.outcome
    if cell.words not in refusals:
        refusals.append(cell.words)
    return f"refused ({refusals.index(cell.words) + 1})"


def _counts(found: Mapping[str, Table]) -> str:
    cells = [
        cell.outcome
        for table in found.values()
        for row in table.values()
        for by_kind in row.values()
        for cell in by_kind.values()
    ]
    counts = ", ".join(f"{cells.count(outcome)} {outcome}" for outcome in ("untouched", "anew", "refused"))
    return f"## Counts\n\n{len(cells)} cells, the three kinds of downsizing counted apart: {counts}.\n"
