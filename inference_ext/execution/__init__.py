"""Sending: connections, timeouts, retries, deadlines, the in-flight window."""
