"""The blocking calls: each function is run by a thread of its own until the run is over."""

from __future__ import annotations

import random
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import evolve
from real_server.saved_workflows import DETECTION, SAVED, WORKSPACE

from soaking.judging import check_file, check_frame, check_info, check_models, check_output, checks, directory_checks
from soaking.world import MODELS, SETTINGS, limit
from tests.real_server import models
from tests.real_server.scenes import CONFIDENCE, Scene

if TYPE_CHECKING:
    from soaking.world import World

__all__ = ["BLOCKING_LOADS"]

LIST_SIZE = 40
WORKFLOW_SIZE = 3
EVERY_FOURTH = 4
CONTROL_EVERY = 0.3
"""Seconds between two rounds of control calls."""


def single_arrays(world: World) -> None:
    """Infer arrays, one by one, v1, all models in turn."""
    client, turn = world.clients.main, 0
    while world.goes_on:
        model, scenes = MODELS[turn % len(MODELS)], world.scenes(1)
        turn += 1
        with world.ledger.call("single array, v1", checks(model, scenes), limit()) as call:
            call.answer(0, client.infer(scenes[0].bgr, model_id=model.model_id))
        world.pause_after(call)


def single_arrays_v0(world: World) -> None:
    """Infer arrays, one by one, v0."""
    client = world.clients.main
    with client.use_api_v0():
        while world.goes_on:
            scenes = world.scenes(1)
            with world.ledger.call("single array, v0", checks(models.BOXES, scenes), limit()) as call:
                call.answer(0, client.infer(scenes[0].bgr, model_id=models.BOXES.model_id))
            world.pause_after(call)


def single_files(world: World) -> None:
    """Infer files, one by one, v1 and v0 in turn."""
    client, turn, files = world.clients.main, 0, [*world.media.files.items()]
    while world.goes_on:
        path, number = files[turn % len(files)]
        mode, use = (("v1", client.use_api_v1), ("v0", client.use_api_v0))[turn % 2]
        turn += 1
        with use(), world.ledger.call(f"single file, {mode}", [partial(check_file, number)], limit()) as call:
            call.answer(0, client.infer(path, model_id=models.MASKS.model_id))
        world.pause_after(call)


def lists_returning(world: World) -> None:
    """Infer lists whose errors stand in the place of answers, v1 and v0 in turn."""
    client, turn = world.clients.main, 0
    while world.goes_on:
        scenes = world.scenes(LIST_SIZE)
        mode, use = (("v1", client.use_api_v1), ("v0", client.use_api_v0))[turn % 2]
        turn += 1
        kind = f'list, on_error="return", {mode}'
        with (
            use(),
            client.use_configuration(evolve(SETTINGS, on_error="return")),
            world.ledger.call(kind, checks(models.POINTS, scenes), limit(LIST_SIZE)) as call,
        ):
            call.answers(client.infer([scene.bgr for scene in scenes], model_id=models.POINTS.model_id))
        world.pause_after(call)


def lists_raising(world: World) -> None:
    """Infer lists that end with their first error, v1, one picture and four pictures a request in turn."""
    client, turn = world.clients.main, 0
    while world.goes_on:
        scenes = world.scenes(LIST_SIZE)
        size = (1, 4)[turn % 2]
        turn += 1
        kind = f'list, on_error="raise", v1, {size} a request'
        with (
            client.use_configuration(evolve(SETTINGS, max_batch_size=size)),
            world.ledger.call(kind, checks(models.BOXES, scenes), limit(LIST_SIZE)) as call,
        ):
            call.answers(client.infer([scene.png for scene in scenes], model_id=models.BOXES.model_id))
        world.pause_after(call)


def directory_streams(world: World) -> None:
    """Stream a directory over and over, errors in the place of answers; every fourth time the loop is left early."""
    client, turn = world.clients.main, 0
    every = directory_checks(world.media.directory_numbers)
    while world.goes_on:
        turn += 1
        leaves_at = random.randrange(1, len(every)) if turn % EVERY_FOURTH == 0 else len(every)  # noqa: S311
        with (
            client.use_configuration(evolve(SETTINGS, on_error="return")),
            world.ledger.call('directory stream, on_error="return"', every, limit(len(every))) as call,
            closing(client.infer_on_stream(world.media.directory, model_id=models.SEMANTIC.model_id)) as items,
        ):
            for index, item in enumerate(items):
                call.answer(index, item if not isinstance(item[2], Exception) else item[2])
                if index + 1 == leaves_at < len(every):
                    call.leave()
                    break
        world.pause_after(call)


def video_streams(world: World) -> None:
    """Stream a video over and over; it ends with its first error."""
    client = world.clients.main
    every = [partial(check_frame, position, number) for position, number in enumerate(world.media.video_numbers)]
    while world.goes_on:
        with (
            world.ledger.call('video stream, on_error="raise"', every, limit(len(every))) as call,
            closing(client.infer_on_stream(str(world.media.video), model_id=models.BOXES.model_id)) as items,
        ):
            call.answers(items)
        world.pause_after(call)


def workflows(world: World) -> None:
    """Run a workflow that travels with the call and one that is saved on the server, in turn."""
    client, turn = world.clients.main, 0
    (saved,) = SAVED
    named: list[dict[str, Any]] = [
        {"specification": DETECTION},
        {"workspace_name": WORKSPACE, "workflow_id": saved, "disable_sinks": True},
    ]
    while world.goes_on:
        scenes = world.scenes(WORKFLOW_SIZE)
        chosen = named[turn % 2]
        turn += 1
        every = [partial(check_output, scene) for scene in scenes]
        with world.ledger.call("workflow", every, limit()) as call:
            pictures = {"image": [scene.bgr for scene in scenes]}
            call.answers(client.run_workflow(**chosen, images=pictures, excluded_fields=["picture"]))
        world.pause_after(call)


def control_calls(world: World) -> None:
    """Ask the server about itself and its models."""
    client = world.clients.main
    check_version = partial(check_info, world.server_version)
    while world.goes_on:
        with world.ledger.call("get_server_info", [check_version], limit()) as call:
            call.answer(0, client.get_server_info())
        world.pause_after(call)
        with world.ledger.call("list_loaded_models", [check_models], limit()) as call:
            call.answer(0, client.list_loaded_models())
        world.over.wait(CONTROL_EVERY)


def scopes_red(world: World) -> None:
    """Use two clients in nested blocks: boxes from the first, masks from the second, of one class each."""
    _scopes(world, (models.BOXES, "red", None), (models.MASKS, "green", None))


def scopes_confident(world: World) -> None:
    """Use the same clients the other way round, at the same time, with other settings."""
    _scopes(world, (models.MASKS, "blue", None), (models.BOXES, None, 0.75))


_Choice = tuple[models.Model, str | None, float | None]
"""A model, the only class to answer with, the lowest confidence."""


def _scopes(world: World, *choices: _Choice) -> None:
    clients = (world.clients.first, world.clients.second)
    while world.goes_on:
        (first, second), (one, other) = clients, choices
        with (
            first.use_model(one[0].model_id),
            second.use_model(other[0].model_id),
            first.use_configuration(_configuration(one)),
            second.use_configuration(_configuration(other)),
            second.use_api_v0(),
        ):
            for client, (model, only, confidence) in zip(clients, choices, strict=True):
                (scene,) = world.scenes(1)
                wanted = tuple(
                    rectangle
                    for rectangle in scene.rectangles
                    if only in (None, rectangle.colour) and CONFIDENCE[rectangle.colour] >= (confidence or 0)
                )
                every = checks(model, [Scene(wanted, scene.width, scene.height)])
                kind = f"two clients in scopes, {client.client_mode.value}"
                with world.ledger.call(kind, every, limit()) as call:
                    call.answer(0, client.infer(scene.bgr))
                world.pause_after(call)


def _configuration(choice: _Choice) -> Any:
    _, only, confidence = choice
    return evolve(SETTINGS, class_filter=None if only is None else [only], confidence_threshold=confidence)


BLOCKING_LOADS = (
    single_arrays,
    single_arrays,
    single_arrays_v0,
    single_files,
    lists_returning,
    lists_raising,
    directory_streams,
    video_streams,
    workflows,
    control_calls,
    scopes_red,
    scopes_confident,
)
"""One thread each."""
