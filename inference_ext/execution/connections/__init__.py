"""The only folder that knows httpx: connections to the server, sending one request, fetching an image by URL.

httpx's own pool searches all waiting requests whenever one ends, so many requests at once cost time with the square of
their number. Here each connection is an httpx transport of its own, kept on a stack: taking one costs the same
however many there are, and a connection in use can be reached, so that a call that is given up ends at once.
"""

from .pinned_fetch import Redirect, fetch_pinned
from .pools import Endpoint, Pools
from .transport import Transport, TransportLimits

__all__ = ["Endpoint", "Pools", "Redirect", "Transport", "TransportLimits", "fetch_pinned"]
