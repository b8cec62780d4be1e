"""What the doctor looks at on this machine: Python, the packages, the API key's place."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path

from ..version import VERSION
from .findings import Finding, ok, problem, warning

__all__ = ["check_environment", "check_key", "version_key"]

_DISTRIBUTION = "inference-ext"
_EXTRAS = {
    "local": "the embedded backend",
    "supervision": "results as supervision's detections",
    "pandas": "results as data frames",
    "progress": "progress bars",
    "cli": "this command",
}
#: They bring the same module, each its own copy of it.
_OPENCV = ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless")


@dataclass(frozen=True, slots=True)
class _Requirement:
    name: str
    extra: str | None
    bounds: tuple[tuple[str, str], ...]

    def problem(self) -> str | None:
        """Say what is wrong with what is installed."""
        try:
            installed = metadata.version(self.name)
        except metadata.PackageNotFoundError:
            return f"{self.name} is not installed"
        for relation, bound in self.bounds:
            is_high_enough = version_key(installed) >= version_key(bound)
            if is_high_enough != (relation == ">="):
                return f"{self.name} {installed} is installed, expected {relation}{bound}"
        return None

    def shown(self) -> str:
        return f"{self.name} {metadata.version(self.name)}"


def version_key(version: str) -> tuple[int, ...]:
    """Give what versions are compared by: their numbers."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in numbers[0].split(".")) if numbers else ()


def check_environment() -> Iterator[Finding]:
    """Look at Python and the packages; nothing is sent."""
    yield ok("Python", f"{platform.python_version()} ({platform.system()} {platform.machine()})")
    yield ok(_DISTRIBUTION, VERSION)
    requirements = _requirements()
    if not requirements:
        yield warning(
            "packages",
            "inference-ext is used without being installed",
            "pip install inference-ext, to have them checked",
        )
    yield from _check_needed([each for each in requirements if each.extra is None and each.name not in _OPENCV])
    yield _check_opencv()
    yield _check_pillow()
    for extra in _EXTRAS:
        yield from _check_extra(extra, [each for each in requirements if each.extra == extra])


def check_key(api_key_file: Path | None) -> Finding:
    """Look where the API key comes from; it is not shown."""
    if api_key_file is not None:
        return ok("API key", "from --api-key-file")
    for variable in ("ROBOFLOW_API_KEY", "API_KEY"):
        if os.environ.get(variable, "").strip():
            return ok("API key", f"from the environment variable {variable}")
    return warning(
        "API key",
        "none",
        "models and workflows of the platform need one: set the environment variable ROBOFLOW_API_KEY or use "
        "--api-key-file",
    )


def _requirements() -> list[_Requirement]:
    try:
        texts = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []
    found: list[_Requirement] = []
    for text in texts:
        what, _, condition = text.partition(";")
        name = re.match(r"[\w.-]+", what.strip())
        extra = re.search(r"extra\s*==\s*['\"]([\w-]+)", condition)
        if name is not None and name[0] != _DISTRIBUTION:
            bounds = re.findall(r"(>=|<)\s*(\d[\d.]*)", what)
            found.append(_Requirement(name[0], extra[1] if extra else None, tuple(bounds)))
    return found


def _check_needed(needed: list[_Requirement]) -> Iterator[Finding]:
    wrong = [text for each in needed if (text := each.problem()) is not None]
    if wrong:
        yield problem("packages", "; ".join(wrong), "pip install --upgrade inference-ext")
    elif needed:
        yield ok("packages", ", ".join(each.shown() for each in needed))


def _check_opencv() -> Finding:
    installed = [name for name in _OPENCV if _is_installed(name)]
    try:
        version = import_module("cv2").__version__
    except (ImportError, AttributeError) as error:  # the latter from a copy that another one is half over
        return problem(
            "OpenCV",
            f"it cannot be imported: {error}",
            "pip install opencv-python; on a machine without a screen, opencv-python-headless instead of it",
        )
    if len(installed) > 1:
        return warning(
            "OpenCV",
            f"{version}, from several packages that overwrite each other: {', '.join(installed)}",
            f"pip uninstall {' '.join(installed)}, then install one of them",
        )
    return ok("OpenCV", f"{version} ({installed[0] if installed else 'not from a package'})")


def _check_pillow() -> Finding:
    try:
        return ok("Pillow", import_module("PIL.Image").__version__)
    except ImportError as error:
        return problem("Pillow", f"it cannot be imported: {error}", "pip install --force-reinstall pillow")


def _check_extra(extra: str, needed: list[_Requirement]) -> Iterator[Finding]:
    install = f"pip install 'inference-ext[{extra}]'"
    wrong = [text for each in needed if (text := each.problem()) is not None]
    subject = f"extra {extra}"
    if needed and not wrong:
        yield ok(subject, ", ".join(each.shown() for each in needed))
    elif needed and all(not _is_installed(each.name) for each in needed):
        yield ok(subject, "not installed", f"only for {_EXTRAS[extra]}: {install}")
    elif needed:
        yield warning(subject, "; ".join(wrong), f"for {_EXTRAS[extra]}: {install}")


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
