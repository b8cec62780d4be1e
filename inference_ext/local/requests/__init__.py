"""Requests: from JSON bodies and query strings to checked options."""
