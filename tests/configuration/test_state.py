"""The state of a client: a base that stays, and overlays that end with their block."""

from __future__ import annotations

import asyncio
import contextvars
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from copy import deepcopy

import pytest

from inference_ext.configuration import CallSettings, ClientState, HTTPClientMode, InferenceConfiguration
from inference_ext.errors import InvalidParameterError

V0, V1 = HTTPClientMode.V0, HTTPClientMode.V1
LOW, HIGH = InferenceConfiguration(confidence_threshold=0.1), InferenceConfiguration(confidence_threshold=0.9)


@pytest.fixture
def state() -> ClientState:
    return ClientState(V1)


def test_a_new_client_has_its_mode_and_nothing_else(state: ClientState) -> None:
    assert state.snapshot() == CallSettings(V1, None, InferenceConfiguration())


def test_the_base_stays_until_it_is_changed(state: ClientState) -> None:
    state.select(mode=V0)
    state.select(model_id="soccer/1")
    state.configure(LOW)
    assert state.snapshot() == CallSettings(V0, "soccer/1", LOW)
    state.select(model_id="soccer/2")
    assert state.snapshot() == CallSettings(V0, "soccer/2", LOW)


def test_an_overlay_ends_with_its_block(state: ClientState) -> None:
    before = state.snapshot()
    with state.use(mode=V0, model_id="soccer/1", configuration=LOW):
        assert state.snapshot() == CallSettings(V0, "soccer/1", LOW)
    assert state.snapshot() == before


def test_overlays_nest_and_hide_only_what_they_set(state: ClientState) -> None:
    with state.use(model_id="outer/1"):
        with state.use(configuration=HIGH):
            with state.use(model_id="inner/1"):
                assert state.snapshot() == CallSettings(V1, "inner/1", HIGH)
            assert state.snapshot() == CallSettings(V1, "outer/1", HIGH)
        assert state.snapshot() == CallSettings(V1, "outer/1", InferenceConfiguration())


def test_an_exception_unwinds_every_overlay(state: ClientState) -> None:
    before = state.snapshot()
    with pytest.raises(KeyError), state.use(model_id="outer/1"), state.use(configuration=LOW):
        raise KeyError
    assert state.snapshot() == before


def test_an_overlay_can_be_left_by_return_and_by_break(state: ClientState) -> None:
    def leave() -> str | None:
        with state.use(model_id="soccer/1"):
            return state.snapshot().model_id

    assert leave() == "soccer/1"
    for _ in range(2):
        with state.use(model_id="soccer/1"):
            break
    assert state.snapshot().model_id is None


def test_what_no_overlay_sets_is_changed_for_good_inside_a_block(state: ClientState) -> None:
    with state.use(model_id="overlay/1"):
        state.select(mode=V0)
        state.configure(LOW)
        assert state.snapshot() == CallSettings(V0, "overlay/1", LOW)
    assert state.snapshot() == CallSettings(V0, None, LOW)


def test_what_an_overlay_sets_is_changed_until_its_block_ends(state: ClientState) -> None:
    state.select(model_id="base/1")
    with state.use(model_id="overlay/1", mode=V0):
        state.select(model_id="changed/1", mode=V1)
        assert state.snapshot() == CallSettings(V1, "changed/1", InferenceConfiguration())
    assert state.snapshot().model_id == "base/1"
    with state.use(configuration=LOW):
        state.configure(HIGH)
        assert state.snapshot().configuration == HIGH
    assert state.snapshot() == CallSettings(V1, "base/1", InferenceConfiguration())


def test_a_block_inside_ends_only_what_it_has_set(state: ClientState) -> None:
    with state.use(model_id="outer/1"):
        with state.use(mode=V0):
            state.select(model_id="changed/1")
        assert state.snapshot() == CallSettings(V1, "changed/1", InferenceConfiguration())
        with state.use(model_id="inner/1"):
            state.select(model_id="changed/2")
        assert state.snapshot().model_id == "changed/1"
    assert state.snapshot().model_id is None


def test_a_change_inside_a_block_is_that_threads_own(state: ClientState) -> None:
    with state.use(model_id="overlay/1"), ThreadPoolExecutor(1) as pool:
        state.select(model_id="changed/1")
        assert pool.submit(state.snapshot).result(10).model_id is None
        pool.submit(state.select, model_id="base/1").result(10)
        assert state.snapshot().model_id == "changed/1"
    assert state.snapshot().model_id == "base/1"


def test_blocks_that_end_in_another_order_end_only_what_they_have_set(state: ClientState) -> None:
    first, second = ExitStack(), ExitStack()
    first.enter_context(state.use(model_id="first/1"))
    second.enter_context(state.use(configuration=LOW))
    first.close()
    assert state.snapshot() == CallSettings(V1, None, LOW)
    second.close()
    assert state.snapshot() == CallSettings(V1, None, InferenceConfiguration())


def test_a_snapshot_does_not_change_afterwards(state: ClientState) -> None:
    with state.use(model_id="soccer/1"):
        snapshot = state.snapshot()
        state.configure(HIGH)
    assert snapshot == CallSettings(V1, "soccer/1", InferenceConfiguration())


def test_a_block_that_sets_nothing_changes_nothing(state: ClientState) -> None:
    with state.use(model_id="soccer/1"), state.use():
        assert state.snapshot().model_id == "soccer/1"


def test_two_clients_do_not_see_each_others_overlay() -> None:
    first, second = ClientState(V1), ClientState(V0)
    with first.use(model_id="first/1", configuration=LOW):
        assert second.snapshot() == CallSettings(V0, None, InferenceConfiguration())
        with second.use(model_id="second/1"):
            assert first.snapshot().model_id == "first/1"
            assert second.snapshot().model_id == "second/1"


# -- forgetting


def test_an_unloaded_model_is_forgotten_when_it_is_the_selected_one(state: ClientState) -> None:
    state.select(model_id="soccer/1")
    state.forget_model("other/1".__eq__)
    assert state.snapshot().model_id == "soccer/1"
    state.forget_model("soccer/1".__eq__)
    assert state.snapshot().model_id is None


def test_an_unloaded_model_is_forgotten_in_the_block_that_uses_it(state: ClientState) -> None:
    state.select(model_id="base/1")
    with state.use(model_id="soccer/1"):
        state.forget_model("soccer/1".__eq__)
        assert state.snapshot().model_id is None
    assert state.snapshot().model_id == "base/1"
    with state.use(model_id="soccer/1"):
        state.forget_any_model()
        assert state.snapshot().model_id is None
    assert state.snapshot().model_id is None


def test_unloading_all_forgets_any_model_but_not_the_rest(state: ClientState) -> None:
    state.select(model_id="soccer/1", mode=V0)
    state.configure(LOW)
    state.forget_any_model()
    assert state.snapshot() == CallSettings(V0, None, LOW)


# -- what is refused


@pytest.mark.parametrize("model_id", ["", "  ", 7, b"soccer/1", ["soccer/1"]])
def test_a_model_id_that_is_no_text_is_refused_and_nothing_changes(state: ClientState, model_id: object) -> None:
    with pytest.raises(InvalidParameterError, match="model_id"):
        state.select(model_id=model_id, mode=V0)  # type: ignore[arg-type]
    with pytest.raises(InvalidParameterError, match="model_id"), state.use(model_id=model_id):  # type: ignore[arg-type]
        pass
    assert state.snapshot() == CallSettings(V1, None, InferenceConfiguration())


@pytest.mark.parametrize("configuration", [{"confidence_threshold": 0.5}, 7, InferenceConfiguration])
def test_what_is_no_configuration_is_refused(state: ClientState, configuration: object) -> None:
    with pytest.raises(InvalidParameterError, match="expected an InferenceConfiguration"):
        state.configure(configuration)  # type: ignore[arg-type]
    with (
        pytest.raises(InvalidParameterError, match="expected an InferenceConfiguration"),
        state.use(configuration=configuration),  # type: ignore[arg-type]
    ):
        pass
    with pytest.raises(InvalidParameterError):
        state.configure(None)  # type: ignore[arg-type]


# -- threads and tasks


def test_threads_do_not_see_each_others_overlay(state: ClientState) -> None:
    state.select(model_id="base/1")
    workers = 4
    inside = threading.Barrier(workers + 1)
    seen = threading.Barrier(workers + 1)

    def work(number: int) -> tuple[str | None, str | None, str | None]:
        before = state.snapshot().model_id
        with state.use(model_id=f"worker/{number}"):
            inside.wait(10)
            during = state.snapshot().model_id
            seen.wait(10)
        return before, during, state.snapshot().model_id

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, number) for number in range(workers)]
        inside.wait(10)
        in_main_thread = state.snapshot().model_id
        seen.wait(10)
        results = [future.result(10) for future in futures]
    assert in_main_thread == "base/1"
    assert results == [("base/1", f"worker/{number}", "base/1") for number in range(workers)]


def test_a_change_of_the_base_reaches_other_threads(state: ClientState) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(state.select, model_id="soccer/1").result(10)
        assert state.snapshot().model_id == "soccer/1"
        state.configure(LOW)
        assert pool.submit(state.snapshot).result(10).configuration == LOW


def test_changes_of_the_base_from_many_threads_do_not_undo_each_other(state: ClientState) -> None:
    rounds = 300

    def select() -> None:
        for number in range(rounds):
            state.select(model_id=f"soccer/{number}")

    def configure() -> None:
        for number in range(rounds):
            state.configure(InferenceConfiguration(max_detections=number + 1))

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(select), pool.submit(configure)]:
            future.result(30)
    snapshot = state.snapshot()
    assert (snapshot.model_id, snapshot.configuration.max_detections) == (f"soccer/{rounds - 1}", rounds)


async def test_tasks_do_not_see_each_others_overlay(state: ClientState) -> None:
    wanted = [0.1, 0.2, 0.3, 0.4, 0.5]
    everyone_inside = asyncio.Barrier(len(wanted))

    async def work(threshold: float) -> object:
        with state.use(configuration=InferenceConfiguration(confidence_threshold=threshold)):
            await everyone_inside.wait()
            return state.snapshot().configuration.confidence_threshold

    assert await asyncio.gather(*map(work, wanted)) == wanted
    assert state.snapshot().configuration == InferenceConfiguration()


async def test_a_task_keeps_the_overlay_it_was_started_under(state: ClientState) -> None:
    left = asyncio.Event()

    async def work() -> str | None:
        await left.wait()
        return state.snapshot().model_id

    with state.use(model_id="soccer/1"):
        task = asyncio.create_task(work())
    left.set()
    assert state.snapshot().model_id is None
    assert await task == "soccer/1"


async def test_an_overlay_holds_in_worker_threads_of_asyncio(state: ClientState) -> None:
    with state.use(model_id="soccer/1"):
        assert (await asyncio.to_thread(state.snapshot)).model_id == "soccer/1"


async def test_a_cancelled_task_leaves_nothing_behind(state: ClientState) -> None:
    inside = asyncio.Event()

    async def work() -> None:
        with state.use(model_id="soccer/1"):
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert state.snapshot().model_id is None


def test_a_block_left_in_another_context_does_not_disturb_that_one(state: ClientState) -> None:
    """Generators are closed by whoever drops them last, which may be another thread."""
    elsewhere = contextvars.copy_context()
    abandoned = ExitStack()
    elsewhere.run(abandoned.enter_context, state.use(model_id="elsewhere/1"))
    with state.use(model_id="here/1"):
        abandoned.close()
        assert state.snapshot().model_id == "here/1"
    assert state.snapshot().model_id is None


def test_nothing_stays_in_the_context_after_a_block(state: ClientState) -> None:
    before = len(contextvars.copy_context())
    for _ in range(3):
        with state.use(model_id="soccer/1"), state.use(configuration=LOW):
            pass
    assert len(contextvars.copy_context()) == before


# -- pickling


def test_a_pickled_state_has_the_base_and_not_the_overlay(state: ClientState) -> None:
    state.select(model_id="base/1", mode=V0)
    state.configure(LOW)
    with state.use(model_id="overlay/1"):
        copies = [pickle.loads(pickle.dumps(state)), deepcopy(state)]
    for copy in copies:
        assert copy.snapshot() == CallSettings(V0, "base/1", LOW)
        copy.select(model_id="copy/1")
        with copy.use(configuration=HIGH):
            assert copy.snapshot() == CallSettings(V0, "copy/1", HIGH)
    assert state.snapshot() == CallSettings(V0, "base/1", LOW)
