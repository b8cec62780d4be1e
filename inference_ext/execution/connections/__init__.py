"""The only folder that knows httpx: connections to the server, sending one request, fetching an image by URL.

::

    transport            one request: built, sent, its answer read, failures in our errors
    └── httpx_transports     httpx's transports, so that what hooks into httpx sees every request
        └── blocking_connections, async_connections    a stack of kept-alive connections, for threads and for a loop
            └── blocking_connection, async_connection      one socket; http11 reads and writes what goes over it
                proxied_connections                        one connection through a proxy, by httpcore

httpx's own pool searches all waiting requests whenever one ends, so many requests at once cost time with the square of
their number, and its parser, in Python, costs more than all the rest of a request. Here taking a connection costs the
same however many there are, the parser is llhttp's, bodies go out in the pieces they lie in, every wait ends with the
request's deadline, and a connection in use can be reached, so that a call that is given up ends at once.
"""

from .pinned_fetch import Redirect, fetch_pinned
from .pools import Endpoint, Pools
from .transport import Transport, TransportLimits

__all__ = ["Endpoint", "Pools", "Redirect", "Transport", "TransportLimits", "fetch_pinned"]
