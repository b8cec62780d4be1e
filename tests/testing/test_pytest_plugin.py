"""A user's tests, run by pytest in a process of its own with what the installed package brings."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent

import pytest

SERVICE = '''
    import os

    from inference_ext import HTTPClientError, InferenceHTTPClient


    class PeopleCounter:
        """Code under test."""

        def __init__(self, client=None):
            self.client = client or InferenceHTTPClient(os.environ["INFERENCE_URL"])

        def count(self, picture):
            try:
                found = self.client.detect_objects(picture, model_id="people/3", confidence=0.5)
            except HTTPClientError:
                return None
            return sum(box.class_ == "person" for box in found.predictions)

        async def count_async(self, picture):
            found = await self.client.detect_objects_async(picture, model_id="people/3", confidence=0.5)
            return len(found.predictions)
'''

USERS_TESTS = """
    import numpy as np
    import pytest
    from service import PeopleCounter

    from inference_ext.testing import ErrorStatus, TimedOut

    STREET = np.zeros((48, 64, 3), np.uint8)
    PERSON = {"x": 20, "y": 30, "width": 10, "height": 20, "confidence": 0.9, "class": "person"}


    @pytest.fixture
    def people(inference_script):
        return inference_script.model("people/3", "object-detection")


    def test_people_are_counted(inference_client, people):
        people.answers_with([PERSON, PERSON, {**PERSON, "class": "dog"}])
        assert PeopleCounter(inference_client).count(STREET) == 2
        assert people.requests[0].parameters["confidence"] == 0.5
        assert people.requests[0].images[0].shape == (48, 64, 3)


    def test_a_server_that_is_busy_is_asked_again(inference_client, people, inference_script):
        people.answers_with([PERSON]).inject(ErrorStatus(503, "loading"), times=2)
        assert PeopleCounter(inference_client).count(STREET) == 1
        assert len(people.requests) == 3
        inference_script.assert_all_used()


    def test_nothing_is_counted_when_the_server_hangs(inference_client, people):
        people.inject(TimedOut())
        assert PeopleCounter(inference_client).count(STREET) is None


    def test_the_service_finds_its_server(inference_server_url, people, monkeypatch):
        monkeypatch.setenv("INFERENCE_URL", inference_server_url)
        people.answers_in_order([], [PERSON])
        counter = PeopleCounter()
        with counter.client:
            assert [counter.count(STREET), counter.count(STREET)] == [0, 1]


    def test_every_test_begins_anew(inference_script):
        assert inference_script.requests == ()
"""

Project = Path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(dedent(text))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write(tmp_path, "service.py", SERVICE)
    write(
        tmp_path,
        "pytest.ini",
        """
        [pytest]
        filterwarnings = error
        addopts = --strict-markers --strict-config -p no:cacheprovider
        pythonpath = .
        """,
    )
    return tmp_path


def run(project: Project, *arguments: str) -> str:
    scope = () if "no:asyncio" in arguments else ("-o", "asyncio_default_fixture_loop_scope=function")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *scope, *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    return done.stdout + done.stderr


ASYNC_TESTS = """
    import asyncio

    import numpy as np
    import pytest
    from service import PeopleCounter

    STREET = np.zeros((48, 64, 3), np.uint8)
    PERSON = {"x": 20, "y": 30, "width": 10, "height": 20, "confidence": 0.9, "class": "person"}


    @pytest.mark.asyncio
    async def test_with_the_plugin(inference_client, inference_script):
        inference_script.model("people/3", "object-detection").answers_with([PERSON])
        counter = PeopleCounter(inference_client)
        assert await asyncio.gather(*(counter.count_async(STREET) for _ in range(5))) == [1] * 5


    def test_without(inference_client, inference_script):
        inference_script.model("people/3", "object-detection").answers_with([PERSON])
        assert asyncio.run(PeopleCounter(inference_client).count_async(STREET)) == 1
"""

OWN_FIXTURE = """
    import pytest


    @pytest.fixture
    def inference_client():
        return "mine"


    def test_own(inference_client):
        assert inference_client == "mine"
"""


def test_the_fixtures_are_there_with_nothing_to_import(project: Project) -> None:
    write(project, "test_service.py", USERS_TESTS)
    write(project, "test_async.py", ASYNC_TESTS)
    write(project, "test_own.py", OWN_FIXTURE)
    told = run(project)
    assert "8 passed" in told, told
    assert "fail" not in told


def test_processes_side_by_side_do_not_disturb_each_other_and_need_no_other_plugin(project: Project) -> None:
    write(project, "test_service.py", USERS_TESTS)
    write(project, "test_async.py", ASYNC_TESTS)
    arguments = ("-p", "no:asyncio", "-o", "markers=asyncio", "--deselect", "test_async.py::test_with_the_plugin")
    with ThreadPoolExecutor(2) as threads:
        for told in threads.map(lambda _: run(project, *arguments), range(2)):
            assert "6 passed, 1 deselected" in told, told


def test_a_strict_configuration_checks_every_script(project: Project) -> None:
    write(
        project,
        "test_strict.py",
        """
        def test_used(inference_client, inference_script):
            inference_script.model("a/1", "classification").answers_with([])
            assert inference_client.infer_from_api_v0(PICTURE, "a/1")["predictions"] == []


        def test_unused(inference_client, inference_script):
            inference_script.model("b/1", "classification").answers_with([])


        def test_fails_by_itself(inference_script):
            inference_script.model("c/1", "classification").answers_with([])
            raise ZeroDivisionError


        def test_swallows(inference_client):
            try:
                inference_client.infer(PICTURE, "unknown/1")
            except Exception:
                pass


        import numpy as np

        PICTURE = np.zeros((8, 8, 3), np.uint8)
        """,
    )
    assert "1 failed, 3 passed in" in run(project)
    told = run(project, "-o", "inference_script_strict=true")
    assert "1 failed, 3 passed, 2 errors" in told, told
    assert "not used: model b/1: the answer of answers_with" in told
    assert "not expected: model 'unknown/1': script.model('unknown/1', task) adds it" in told
    assert "c/1" not in told.partition("short test summary")[2]


def test_nothing_is_loaded_until_a_fixture_is_used(project: Project) -> None:
    write(
        project,
        "test_light.py",
        """
        import sys


        def test_nothing_heavy():
            ours = sorted(name for name in sys.modules if name.startswith(("inference_ext", "inference_api")))
            assert ours == ["inference_ext", "inference_ext.testing", "inference_ext.testing.pytest_plugin"]
            heavy = {"cv2", "numpy", "PIL", "httpx", "werkzeug", "attrs", "orjson"}
            assert not heavy & sys.modules.keys()
        """,
    )
    told = run(project, "-p", "no:asyncio")
    assert "1 passed" in told, told


def test_the_fixtures_are_described(project: Project) -> None:
    write(project, "test_nothing.py", "")
    told = run(project, "--fixtures")
    assert "inference_client -- " in told
    assert "inference_script -- " in told
    assert "inference_server_url -- " in told
    assert "embedded_client" in told


def test_the_plugin_can_be_left_out(project: Project) -> None:
    write(project, "test_service.py", USERS_TESTS)
    told = run(project, "-p", "no:inference_ext", "-k", "test_every_test_begins_anew")
    assert "fixture 'inference_script' not found" in told


def test_unittest_uses_the_context_manager(project: Project) -> None:
    write(
        project,
        "test_case.py",
        """
        import unittest

        import numpy as np
        from service import PeopleCounter

        from inference_ext.testing import InferenceScript, embedded_client


        class Counting(unittest.TestCase):
            def setUp(self):
                self.script = InferenceScript()
                self.client = self.enterContext(embedded_client(self.script, strict=True))

            def test_nobody(self):
                self.script.model("people/3", "object-detection").answers_with([])
                self.assertEqual(PeopleCounter(self.client).count(np.zeros((8, 8, 3), np.uint8)), 0)
        """,
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "unittest", "-v"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Ran 1 test" in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
