"""The state of a client against a plain model of it: a base and a stack, in any order of calls."""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from inference_ext.configuration import CallSettings, ClientState, HTTPClientMode, InferenceConfiguration

MODES = st.sampled_from(HTTPClientMode)
MODEL_IDS = st.sampled_from(["a/1", "b/1", "c/2"])
CONFIGURATIONS = st.builds(InferenceConfiguration, max_detections=st.integers(1, 3))


class StateMachine(RuleBasedStateMachine):
    """`self.base` and `self.overlays` say what must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.state = ClientState(HTTPClientMode.V1)
        self.bystander = ClientState(HTTPClientMode.V0)
        self.base: dict[str, object] = {
            "mode": HTTPClientMode.V1,
            "model_id": None,
            "configuration": InferenceConfiguration(),
        }
        self.overlays: list[tuple[dict[str, object], ExitStack]] = []

    def holder(self, name: str) -> dict[str, object]:
        """What holds a setting: the innermost block that has set it, or the base."""
        return next((changes for changes, _ in reversed(self.overlays) if name in changes), self.base)

    @rule(mode=MODES)
    def select_mode(self, mode: HTTPClientMode) -> None:
        self.state.select(mode=mode)
        self.holder("mode")["mode"] = mode

    @rule(model_id=MODEL_IDS)
    def select_model(self, model_id: str) -> None:
        self.state.select(model_id=model_id)
        self.holder("model_id")["model_id"] = model_id

    @rule(configuration=CONFIGURATIONS)
    def configure(self, configuration: InferenceConfiguration) -> None:
        self.state.configure(configuration)
        self.holder("configuration")["configuration"] = configuration

    @rule(model_id=MODEL_IDS)
    def forget_model(self, model_id: str) -> None:
        self.state.forget_model(model_id.__eq__)
        for holder in (self.base, self.holder("model_id")):
            if holder["model_id"] == model_id:
                holder["model_id"] = None

    @rule(
        mode=st.none() | MODES,
        model_id=st.none() | MODEL_IDS,
        configuration=st.none() | CONFIGURATIONS,
    )
    def enter(
        self, mode: HTTPClientMode | None, model_id: str | None, configuration: InferenceConfiguration | None
    ) -> None:
        block = ExitStack()
        block.enter_context(self.state.use(mode=mode, model_id=model_id, configuration=configuration))
        changes = {"mode": mode, "model_id": model_id, "configuration": configuration}
        self.overlays.append(({name: value for name, value in changes.items() if value is not None}, block))

    @precondition(lambda self: bool(self.overlays))
    @rule(fails=st.booleans())
    def leave(self, fails: bool) -> None:
        _, block = self.overlays.pop()
        if not fails:
            block.close()
            return
        try:
            with block:
                raise LookupError
        except LookupError:
            pass

    @invariant()
    def the_snapshot_is_base_under_overlays(self) -> None:
        expected = dict(self.base)
        for changes, _ in self.overlays:
            expected |= changes
        snapshot = self.state.snapshot()
        assert {name: getattr(snapshot, name) for name in expected} == expected

    @invariant()
    def the_other_client_is_untouched(self) -> None:
        assert self.bystander.snapshot() == CallSettings(HTTPClientMode.V0, None, InferenceConfiguration())

    def teardown(self) -> None:
        while self.overlays:
            self.overlays.pop()[1].close()
        self.the_snapshot_is_base_under_overlays()


TestStateMachine = StateMachine.TestCase
TestStateMachine.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
