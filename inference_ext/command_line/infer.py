"""`inference-ext infer`: a model on files, directories, videos and URLs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .connection import open_client
from .exit_codes import ExitCode
from .messages import WrongUsageError
from .options import ApiKeyFile, Embedded, Model, Parallel, Timeout, Url, examples
from .sources import find_sources, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EPILOG", "infer"]

EPILOG = examples(
    "inference-ext infer street.jpg --model faces/1",
    "inference-ext infer photos --recursive --model faces/1 --output results.jsonl",
    "inference-ext infer 'photos/**/*.jpg' --model faces/1 --output boxes.csv --confidence 0.5",
    "inference-ext infer clip.mp4 --model faces/1 --annotate drawn --output frames.jsonl",
    "inference-ext infer photos --model objects/1 --class object --annotate drawn --embedded",
)


def _read_confidence(text: str) -> float | Literal["best", "default"]:
    if text == "best":
        return "best"
    if text == "default":
        return "default"
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise typer.BadParameter(f"expected a number from 0 to 1, best or default, got {text!r}")
    return value


def _check_confidence(text: str | None) -> str | None:
    if text is not None:
        _read_confidence(text)
    return text


def infer(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCES...",
            help="Image files, directories, patterns such as 'photos/**/*.jpg' (in quotes), video files, image URLs.",
            show_default=False,
        ),
    ],
    model: Model,
    url: Url = None,
    api_key_file: ApiKeyFile = None,
    embedded: Embedded = False,
    confidence: Annotated[
        str | None,
        typer.Option(
            "--confidence",
            metavar="NUMBER",
            callback=_check_confidence,
            help="Lowest score of a prediction, 0 to 1; or best, or default. [default: the server's]",
            show_default=False,
        ),
    ] = None,
    iou: Annotated[
        float | None,
        typer.Option(
            "--iou",
            metavar="NUMBER",
            min=0,
            max=1,
            help="Overlap, 0 to 1, above which the weaker of two boxes is dropped. [default: the server's]",
            show_default=False,
        ),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="NAME", help="Only predictions of this class; may be given several times."),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to FILE.jsonl (one JSON object for each image or frame) or FILE.csv (one row for each "
            "prediction, at least one for each image); may be given several times. Without it and --annotate, JSON "
            "lines go to standard output.",
            show_default=False,
        ),
    ] = None,
    annotate: Annotated[
        Path | None,
        typer.Option(
            "--annotate",
            metavar="DIRECTORY",
            help="Write annotated pictures into this directory, under the paths of the sources; of a video, a video.",
            show_default=False,
        ),
    ] = None,
    recursive: Annotated[
        bool, typer.Option("--recursive", "-r", help="Look into the folders of directories, too.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Begin anew instead of going on with what the outputs hold.")
    ] = False,
    max_concurrent_requests: Parallel = 8,
    timeout: Timeout = None,
    progress: Annotated[
        bool | None,
        typer.Option(
            "--progress/--no-progress",
            help="Show a bar. [default: if standard error is a terminal]",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Run a model on images, and write down what it finds.

    The same command again goes on where it was stopped, in whatever way: images that the outputs hold are left out,
    those that failed are done again. Results stand in the order of the sources; those of a later run behind the
    earlier ones. An output of another model or other settings is refused.

    A JSON line holds image (the path or URL as given), frame (of a video, from 0), model_id, settings, and result or
    error. A CSV row holds the same, and the columns of the task; see inference_ext.results.table.

    An image that fails is reported in a line on standard error, and the others go on.
    """
    from .inferring import Inferring
    from .outputs import Outputs, check_outputs
    from .progress import RunReport
    from .records import RunIdentity
    from .running import run_all

    files = output or []
    check_outputs(files, annotate)
    _check_directory(sources, annotate)
    names = sorted(set(classes or ()))
    threshold = None if confidence is None else _read_confidence(confidence)
    asked = {"confidence": threshold, "iou": iou, "class": names or None, "embedded": embedded or None}
    identity = RunIdentity(model, {name: value for name, value in asked.items() if value is not None})
    with (
        RunReport(show_bar=progress) as report,
        open_client(
            url=url,
            api_key_file=api_key_file,
            embedded=embedded,
            timeout=timeout,
            max_concurrent_requests=max_concurrent_requests,
            confidence=threshold,
            iou=iou,
            classes=names,
        ) as client,
    ):
        found = list(
            find_sources(sources, recursive=recursive, leave_out=annotate, problem=report.fail_beside, note=report.say)
        )
        outputs = Outputs(files, annotate, identity, overwrite=overwrite)
        try:
            run_all(Inferring(client, model, outputs), found, outputs, report)
        except KeyboardInterrupt:
            report.say(f"interrupted: {report.done} done{'; the same command goes on' if files or annotate else ''}")
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        finally:
            outputs.close()
        report.sum_up()
    return ExitCode.SOME_FAILED if report.failed else ExitCode.DONE


def _check_directory(sources: Sequence[str], annotate: Path | None) -> None:
    """Keep annotated pictures from being found as sources by the next run.

    Raises:
        WrongUsageError: The directory for annotated pictures is one of the sources.

    """
    if annotate is not None and key_of(str(annotate)) in {key_of(source) for source in sources}:
        raise WrongUsageError(f"--annotate {str(annotate)!r}: it is one of the sources; choose another directory")
