"""A bounded run of many clients' calls against a real server that goes away and comes back.

::

    __main__.py   the command: sets all up, runs, judges, reports
    faults.py     kills, stops and freezes the server      outages.py    when that was, so which errors it explains
    pictures.py   numbered inputs                          ledger.py     what became of each of them
    judging.py    whether an answer is right               world.py      what all loads share
    loads.py      the blocking calls                       async_load.py those under asyncio
    resources.py  memory, descriptors, threads over time   leftovers.py  what is still there at the end
    page.py       docs/soak.md
"""
