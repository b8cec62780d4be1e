"""Every server call, described once and without I/O: how its request is built and how its answer is read."""
