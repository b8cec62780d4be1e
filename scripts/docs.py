"""Builds the documentation into out/docs: `python3 scripts/docs.py`.

Makes the environment `.venv` when needed. Warnings are errors, also those about names and links that lead nowhere.
Nothing is fetched, and nothing is written into docs. `tests/documentation` builds it in the same way and looks at what
was built.
"""

from __future__ import annotations

from pathlib import Path

from _environment import ROOT, ensure_environment, run

__all__ = ["build_command"]

_STRICT = ("-W", "--keep-going", "-n")


def build_command(python: Path, out: Path) -> list[str | Path]:
    """The command that builds into `out/docs`; what Sphinx has read is kept in `out/docs-read`.

    Args:
        python: The environment's Python.
        out: A folder that git ignores.

    """
    read = out / "docs-read"
    return [python, "-m", "sphinx", "-b", "html", "-q", *_STRICT, "-j", "auto", "-d", read, ROOT / "docs", out / "docs"]


def main() -> None:
    """Build; the exit status is Sphinx's."""
    run(build_command(ensure_environment(extras=["all"], groups=["dev"]), ROOT / "out"))
    print(f"documentation: {ROOT / 'out' / 'docs' / 'index.html'}")


if __name__ == "__main__":
    main()
