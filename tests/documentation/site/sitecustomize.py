"""Python imports this at start."""

import socket

from no_network import checked_connect, checked_look_up

socket.socket.connect = checked_connect(socket.socket.connect)  # type: ignore[method-assign]
socket.getaddrinfo = checked_look_up(socket.getaddrinfo)
