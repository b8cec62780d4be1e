"""One run of `infer`: outcomes go to the outputs, failures to standard error."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from ..errors import HTTPCallErrorError, HTTPClientError, HTTPServerConnectionError
from .inferring import Inferring
from .messages import CommandError
from .outputs import Outputs
from .progress import RunReport
from .records import Outcome
from .sources import Source, shown_name

__all__ = ["MOST_FAILURES_IN_A_ROW", "run_all"]

MOST_FAILURES_IN_A_ROW = 20
"""A run is stopped when the server fails so often in a row: the next images would only fail, too."""

#: What a server answers when it does not like one image; other statuses are about the server, the key or the model.
_ABOUT_THE_IMAGE = (400, 413, 415, 422)


def run_all(inferring: Inferring, sources: Sequence[Source], outputs: Outputs, report: RunReport) -> None:
    """Do everything the outputs do not hold yet.

    Raises:
        HTTPClientError: The server cannot be reached or does not have the model.
        CommandError: An output cannot be written, or the server fails again and again.

    """
    there = [source for source in sources if source.kind != "video" and outputs.has(source.name)]
    has_videos = any(source.kind == "video" for source in sources)
    report.begin(None if has_videos else len(sources) - len(there), len(there))
    taking = _Taking(outputs, report)
    with closing(inferring.outcomes(sources)) as outcomes:
        for outcome in outcomes:
            taking.take(outcome)
    taking.end_video()


class _Taking:
    def __init__(self, outputs: Outputs, report: RunReport) -> None:
        self._outputs = outputs
        self._report = report
        self._video: str | None = None
        self._video_is_complete = True
        self._failures_in_a_row = 0

    def take(self, outcome: Outcome) -> None:
        """Hand an outcome on.

        Raises:
            CommandError: It cannot be written, or one failure too many.

        """
        if outcome.image != self._video:
            self.end_video()
        if outcome.frame is not None:
            self._video = outcome.image
        problems = self._outputs.write(outcome)
        if outcome.error is not None:
            problems.insert(0, outcome.error)
        if problems:
            self._video_is_complete = False
            self._report.fail(*(_told(outcome, problem) for problem in problems))
        else:
            self._report.succeed()
        self._stop_when_all_fail(outcome.error)

    def end_video(self) -> None:
        """Have the outputs finish the video, if the last outcome was of one."""
        if self._video is not None:
            self._outputs.end_video(self._video, is_complete=self._video_is_complete)
        self._video = None
        self._video_is_complete = True

    def _stop_when_all_fail(self, error: HTTPClientError | None) -> None:
        self._failures_in_a_row = self._failures_in_a_row + 1 if _is_about_the_server(error) else 0
        if self._failures_in_a_row == MOST_FAILURES_IN_A_ROW:
            raise CommandError(
                f"stopped after {MOST_FAILURES_IN_A_ROW} failures of the server in a row, the last: {error}"
            )


def _is_about_the_server(error: HTTPClientError | None) -> bool:
    if isinstance(error, HTTPCallErrorError):
        return error.status_code not in _ABOUT_THE_IMAGE
    return isinstance(error, HTTPServerConnectionError)


def _told(outcome: Outcome, error: HTTPClientError) -> str:
    name = shown_name(outcome.image)
    text = str(error)
    if outcome.frame is not None:
        return f"{name!r}, frame {outcome.frame}: {text}"
    return text if name in text else f"{name!r}: {text}"
