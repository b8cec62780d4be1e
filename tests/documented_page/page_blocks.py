"""The code blocks of the client's documented page, in the page's order, and where they need a correction.

Each file in `examples/` is one block: the page's own lines, with the import of `inference_sdk` replaced by that of
`inference_ext` and nothing else.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["BLOCKS", "COROUTINE", "CORRECTIONS", "block_names", "corrected_block"]

BLOCKS = Path(__file__).parent / "examples"

COROUTINE = "see_async_method"
"""The coroutine function that the page's asyncio blocks define and never run."""

CORRECTIONS = {
    "12_doctr_async": ("await CLIENT.ocr_image(", "await CLIENT.ocr_image_async("),
    "14_gaze_async": ("await CLIENT.detect_gazes(", "await CLIENT.detect_gazes_async("),
}
"""Blocks that await a blocking method: what they say, and what they mean.

As they stand they define their coroutine, which is all they do, without an error. Run as it is written, the coroutine
sends its request and then fails, because a result cannot be awaited; inference-sdk 1.8.3 fails there too.
"""


def block_names() -> list[str]:
    """The names of all blocks, in order."""
    return sorted(path.stem for path in BLOCKS.glob("*.py"))


def corrected_block(name: str) -> str:
    """The text of a block, with its correction where it has one.

    Raises:
        ValueError: The correction no longer applies exactly once.

    """
    text = (BLOCKS / f"{name}.py").read_text(encoding="utf-8")
    if name not in CORRECTIONS:
        return text
    said, meant = CORRECTIONS[name]
    if text.count(said) != 1:
        raise ValueError(f"{name}: {said!r} occurs {text.count(said)} times")
    return text.replace(said, meant)
