"""The limits on threads and tasks hold, and whoever waits is let in, in turn."""

from __future__ import annotations

import asyncio
import threading
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext.execution.async_gate import AsyncGate
from inference_ext.execution.fifo_gate import FIFOGate


def test_threads_are_let_in_in_turn() -> None:
    gate = FIFOGate(1)
    order: list[int] = []

    def enter(number: int) -> None:
        with gate:
            order.append(number)

    gate.enter(None)
    threads: list[threading.Thread] = []
    for number in range(8):
        threads.append(threading.Thread(target=enter, args=(number,)))
        threads[-1].start()
        time.sleep(0.02)  # until it waits
    gate.leave()
    for thread in threads:
        thread.join(10)
    assert order == list(range(8))


def test_a_place_that_does_not_come_in_time_is_not_lost() -> None:
    gate = FIFOGate(1)
    assert gate.enter(0)
    assert not gate.enter(0.01)
    gate.leave()
    assert gate.enter(0)


@given(
    limits=st.lists(st.integers(1, 5), min_size=1, max_size=30),
    cancelled=st.sets(st.integers(0, 29)),
    pauses=st.lists(st.integers(0, 3), min_size=30, max_size=30),
)
@settings(deadline=None)
def test_tasks_are_let_in_in_turn_and_within_their_limits(
    limits: list[int], cancelled: set[int], pauses: list[int]
) -> None:
    async def run() -> None:
        gate = AsyncGate()
        order: list[int] = []
        inside = 0

        async def enter(number: int) -> None:
            nonlocal inside
            async with gate.place(limits[number]):
                order.append(number)
                inside += 1
                assert inside <= limits[number]
                try:
                    for _ in range(pauses[number]):
                        await asyncio.sleep(0)
                finally:
                    inside -= 1

        tasks = [asyncio.create_task(enter(number)) for number in range(len(limits))]
        await asyncio.sleep(0)
        for number in sorted(cancelled & set(range(len(tasks)))):
            tasks[number].cancel()
            if pauses[number] % 2:
                await asyncio.sleep(0)
        async with asyncio.timeout(10):
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        failed = {number for number, outcome in enumerate(outcomes) if outcome is not None}
        assert failed <= cancelled  # nobody but the cancelled is turned away, and no assertion failed
        assert order == sorted(order)
        assert inside == 0

    asyncio.run(run())
