"""The steps of `scripts/upgrade_server.py`, one module each."""
