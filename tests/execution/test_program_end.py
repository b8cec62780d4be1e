"""What is still under way when a program ends: from Python 3.12 on, no thread can be started then."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import atexit
import threading

from inference_ext.execution.workers import Workers

program_ends, done = threading.Event(), threading.Event()


class Work:
    pieces = [done.set]

    def take(self):
        program_ends.wait()
        return self.pieces.pop() if self.pieces else None

    def end(self):
        pass


def last_words():
    program_ends.set()
    print(done.wait(20))


Workers(2, Work()).__enter__()
atexit.register(last_words)
"""


def test_work_goes_on_when_no_further_thread_can_be_started() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")
