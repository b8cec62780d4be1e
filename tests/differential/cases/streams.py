"""infer_on_stream on a directory and on a video."""

from __future__ import annotations

from typing import Any

from differential.case import Case, both_shells, given, single

__all__ = ["CASES"]

_SOURCES: dict[str, Any] = {
    "directory": given("path", "directory"),
    "video": given("path", "clip.avi"),
    "missing": given("path", "missing.avi"),
    "no_video": given("path", "text.txt"),
}
_SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "shrunk": {"client_downsizing_disabled": False, "default_max_input_size": 40},
    "only_jpg": {"image_extensions_for_directory_scan": ["jpg"]},
}


def _calls() -> list[Case]:
    modes: tuple[Any, Any] = ("v0", "v1")
    return [
        single(
            f"stream/{mode}/{source}/{name}",
            "infer_on_stream",
            {"input_uri": _SOURCES[source], "model_id": "detector/1"},
            mode=mode,
            configuration={"max_concurrent_requests": 1, **settings},
            unordered=True,
        )
        for mode in modes
        for source in _SOURCES
        for name, settings in _SETTINGS.items()
    ]


CASES = both_shells(_calls())
