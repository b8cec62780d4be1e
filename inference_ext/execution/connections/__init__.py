"""The only folder that knows httpx: connections to the server, sending one request, fetching an image by URL.

::

    transport            one request: built, sent, its answer read, failures in our errors
    └── pools, loop_pools    what a client has open: for its blocking calls, and for each event loop
        └── blocking_transport, async_transport            httpx's transports, which what hooks into httpx looks at
            └── blocking_connections, async_connections    a stack of kept-alive connections
                └── blocking_connection, async_connection  one socket; http11 reads and writes what goes over it
                    proxied_connections                    one connection through a proxy, by httpcore
                    name_lookup                            the resolver, within a time limit
    generated_layer      httpx clients over the same connections, for the generated layer

httpx's own pool searches all waiting requests whenever one ends, so many requests at once cost time with the square of
their number, and its parser, in Python, costs more than all the rest of a request. Here taking a connection costs the
same however many there are, the parser is llhttp's, bodies go out in the pieces they lie in, every wait ends with the
request's deadline, and a connection in use can be reached, so that a call that is given up ends at once.
"""

from .endpoint import Endpoint
from .generated_layer import GeneratedLayerClients
from .name_lookup import NameLookup
from .pinned_fetch import Redirect, fetch_pinned
from .pools import Pools
from .transport import Transport, TransportLimits

__all__ = [
    "Endpoint",
    "GeneratedLayerClients",
    "NameLookup",
    "Pools",
    "Redirect",
    "Transport",
    "TransportLimits",
    "fetch_pinned",
]
