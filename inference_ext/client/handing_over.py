"""Whether a pickle goes to a process that is being started, and nowhere else."""

from __future__ import annotations

import sys

__all__ = ["is_handed_to_new_process"]


def is_handed_to_new_process() -> bool:
    """Tell whether `multiprocessing` is pickling the arguments of a process that it starts.

    It hands them over through a pipe that only the new process reads. Its own secrets travel in the same way and are
    guarded by the same question (`multiprocessing.process.AuthenticationString`).
    """
    # Who starts processes with it has imported it; nobody else should have to.
    context = sys.modules.get("multiprocessing.context")
    return context is not None and context.get_spawning_popen() is not None
