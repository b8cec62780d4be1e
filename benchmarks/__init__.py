"""Speed and memory of the client, always as a ratio against inference-sdk 1.8.3 in the same run.

::

    jobs.py         what is measured, with its target; the same calls run through either library
    worker.py       one job, once, in a fresh process of the library's own environment
    ceiling.py      the same job by a minimal client on raw sockets: what is possible at all
    server.py       the one loopback server of a run, far cheaper than any client
    pairing.py      the runs in turn (A B C, A B C, ...), every one bounded in time
    results.py      medians, ratios, targets met and missed
    growth.py       time and memory against the number and the size of the images
    stages.py       where the time of one call goes
    page.py         docs/performance.md

`python3 scripts/benchmark.py` is the command; `__main__.py` is what it starts.
"""
