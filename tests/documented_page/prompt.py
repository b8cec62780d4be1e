"""Runs programs as at the prompt of `python -m asyncio`, on a network where their addresses lead elsewhere.

    python prompt.py JOB

JOB is a JSON object: `programs` (files, run one after another in one session), `hosts` (the address of each host
name), `routes` (where a connection to `address:port` goes instead) and `report`, the file that takes what happened,
pickled: `values`, everything each name was ever bound to, and `shown`, what the prompt would have shown.

Only the standard library is imported here, so that the programs' own imports are the first ones.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import pickle
import socket
import sys
from pathlib import Path
from typing import Any


class Names(dict[str, Any]):
    """The names of a session. Functions look them up in `shared`; everything they were bound to is kept."""

    def __init__(self, shared: dict[str, Any]) -> None:
        super().__init__()
        self.shared = shared
        self.history: dict[str, list[Any]] = {}

    def __setitem__(self, name: str, value: Any) -> None:
        self.shared[name] = value
        super().__setitem__(name, value)
        self.history.setdefault(name, []).append(value)


def redirect(hosts: dict[str, str], routes: dict[str, str]) -> None:
    """Look hosts up in a table, and connect to other addresses than asked for. Other host names do not exist."""
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def getaddrinfo(host: str | bytes | None, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        # Without a resolver a host name that is not in the table is an error at once.
        options["flags"] = options.get("flags", 0) | socket.AI_NUMERICHOST
        return look_up(hosts.get(name, name) if name else name, *arguments[:4], **options)

    def redirected(own: socket.socket, address: Any) -> None:
        if own.family == socket.AF_INET:
            host, _, port = routes.get(f"{address[0]}:{address[1]}", "").rpartition(":")
            address = (host, int(port)) if port else address
        connect(own, address)

    socket.getaddrinfo = getaddrinfo
    socket.socket.connect = redirected  # type: ignore[assignment,method-assign]


def run(program: Path, names: Names) -> None:
    """Run one program as if it was typed."""
    tree = ast.parse(program.read_text(encoding="utf-8"), program)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(ast.Interactive(tree.body), program, "single", flags=flags, dont_inherit=True)
    running = eval(code, names.shared, names)
    if inspect.iscoroutine(running):
        asyncio.run(running)


def kept(values: list[Any]) -> list[Any]:
    """The values that can be handed over: data and clients; no functions and classes, nothing that is open."""
    return [value for value in values if value is not None and not callable(value) and _can_be_pickled(value)]


def _can_be_pickled(value: object) -> bool:
    try:
        pickle.dumps(value)
    except (TypeError, AttributeError, pickle.PicklingError):
        return False
    return True


def main() -> None:
    job = json.loads(sys.argv[1])
    redirect(job["hosts"], job["routes"])
    # Python 3.14 has no event loop before one is made; older versions made one when it was first asked for.
    asyncio.set_event_loop(asyncio.new_event_loop())
    names = Names({"__name__": "__main__", "__builtins__": __builtins__})
    shown: list[Any] = []
    sys.displayhook = shown.append
    try:
        for program in job["programs"]:
            run(Path(program), names)
    finally:
        values = {name: kept(history) for name, history in names.history.items()}
        Path(job["report"]).write_bytes(pickle.dumps({"values": values, "shown": kept(shown)}))


if __name__ == "__main__":
    main()
