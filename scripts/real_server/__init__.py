"""Runs the real inference server offline, on models whose answers are known exactly.

Standard library only: these modules run before anything is installed. What runs inside the server's own
environment is in `real_server.inside`.
"""
