"""The names of Werkzeug that the backend uses, from one place that explains a missing extra."""

from __future__ import annotations

try:
    from werkzeug.exceptions import MethodNotAllowed, NotFound
    from werkzeug.routing import Map, Rule
    from werkzeug.wrappers import Request, Response
except ImportError as _error:
    from inference_ext.local.extra import missing_extra

    raise missing_extra("Werkzeug") from _error

__all__ = ["Map", "MethodNotAllowed", "NotFound", "Request", "Response", "Rule"]
