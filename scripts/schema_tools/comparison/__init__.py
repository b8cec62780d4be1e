"""The parts of ``differences``: what changed between two documents of the server."""
