"""The calls under asyncio, all in one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from attrs import evolve

from soaking.judging import checks, directory_checks
from soaking.loads import EVERY_FOURTH, LIST_SIZE
from soaking.world import MODELS, PAUSE, SETTINGS, limit
from tests.real_server import models

if TYPE_CHECKING:
    from soaking.ledger import Call
    from soaking.world import World

__all__ = ["AsyncLoad"]

GATHERED = 12
CANCEL_AFTER = 0.4
LOOP_SHARE = GATHERED + SETTINGS.max_concurrent_requests
"""Most inputs that wait for their turn at the same time: a client's window is for all its calls on the loop."""


class AsyncLoad:
    """Runs the coroutines until the run is over."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.loop: asyncio.AbstractEventLoop | None = None
        """While it runs; the tasks in it are counted from outside."""

    def number_of_tasks(self) -> int:
        """Count the tasks of the event loop."""
        loop = self.loop
        return 0 if loop is None else len(asyncio.all_tasks(loop))

    def run(self) -> None:
        """Run an event loop to the end."""
        asyncio.run(self._all())
        self.loop = None

    async def _all(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_loop_error)
        self.loop = loop
        # The connections that the shared client has here end with the loop, those of the other with its block.
        async with self._world.clients.asynchronous:
            await asyncio.gather(self._gather(), self._lists(), self._streams(), self._cancelled())
        await asyncio.sleep(0)  # what was cancelled last ends
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if left:
            self._world.ledger.find(f"tasks left at the end: {left}")

    async def _gather(self) -> None:
        """Gather single calls on the client that threads use too."""
        client, turn = self._world.clients.main, 0

        async def infer(model: models.Model) -> Call:
            scenes = self._world.scenes(1)
            with self._world.ledger.call("gathered infer_async", checks(model, scenes), limit(LOOP_SHARE)) as call:
                call.answer(0, await client.infer_async(scenes[0].bgr, model_id=model.model_id))
            return call

        while self._world.goes_on:
            model = MODELS[turn % len(MODELS)]
            turn += 1
            for call in await asyncio.gather(*(infer(model) for _ in range(GATHERED))):
                if call.errors:
                    await asyncio.sleep(PAUSE)
                    break

    async def _lists(self) -> None:
        client = self._world.clients.asynchronous
        while self._world.goes_on:
            scenes = self._world.scenes(LIST_SIZE)
            kind = 'infer_async of a list, on_error="return", v0'
            with (
                client.use_api_v0(),
                client.use_configuration(evolve(SETTINGS, on_error="return")),
                self._world.ledger.call(kind, checks(models.BOXES, scenes), limit(LIST_SIZE * 2)) as call,
            ):
                call.answers(await client.infer_async([scene.bgr for scene in scenes], model_id=models.BOXES.model_id))
            await asyncio.sleep(PAUSE if call.errors else 0)

    async def _streams(self) -> None:
        """Stream the directory; it ends with its first error, and every fourth time the loop is left early."""
        client, turn = self._world.clients.asynchronous, 0
        every = directory_checks(self._world.media.directory_numbers)
        directory = self._world.media.directory
        while self._world.goes_on:
            turn += 1
            leaves_at = turn % len(every) if turn % EVERY_FOURTH == 0 else len(every)
            kind = 'infer_on_stream_async, on_error="raise"'
            with self._world.ledger.call(kind, every, limit(len(every) * 3)) as call:
                async with aclosing(client.infer_on_stream_async(directory, models.SEMANTIC.model_id)) as items:
                    index = 0
                    async for item in items:
                        call.answer(index, item)
                        index += 1
                        if index == leaves_at < len(every):
                            call.leave()
                            break
            await asyncio.sleep(PAUSE if call.errors else 0)

    async def _cancelled(self) -> None:
        """Begin a list and cancel it: the inputs are given up, and nothing of it may stay behind."""
        client = self._world.clients.main
        while self._world.goes_on:
            scenes = self._world.scenes(LIST_SIZE)
            with self._world.ledger.call(
                "infer_async, cancelled", checks(models.BOXES, scenes), CANCEL_AFTER + limit()
            ) as call:
                task = asyncio.ensure_future(
                    client.infer_async([scene.bgr for scene in scenes], model_id=models.BOXES.model_id)
                )
                await asyncio.wait([task], timeout=CANCEL_AFTER)
                task.cancel()
                await asyncio.wait([task])
                if task.cancelled():
                    call.leave()
                else:  # it had ended by itself
                    call.answers(task.result())
            await asyncio.sleep(PAUSE)

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        del loop
        self._world.ledger.find(f"in the event loop: {context.get('message')}: {context.get('exception')!r}")
