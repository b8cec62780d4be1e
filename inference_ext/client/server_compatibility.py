"""Whether the connected server can serve a call: its version, held against what is known of the versions.

Only a call of which some known server lacks the route or an option asks for the version, once per client; and once more
before a call is refused on what was learnt earlier.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from ..configuration import HTTPClientMode, mode_for_url
from ..errors import HTTPCallErrorError, InvalidResponseError, ServerVersionError
from ..operations.exchange import Shared, Steps, call, call_shared
from ..operations.model_registry import ServerInfo, get_server_info
from .known_to_all_servers import is_known_to_all_servers
from .server_versions import Need, needs_of

__all__ = ["ServerCompatibility"]

_logger = logging.getLogger("inference_ext")


class ServerCompatibility:
    """Remembers which version the server is of.

    Args:
        api_url: Its address. The hosted API has every call and is not asked.

    """

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._is_hosted = mode_for_url(api_url) is HTTPClientMode.V0
        self._lock = threading.Lock()
        self._info: ServerInfo | None = None
        self._is_known = False

    def remember(self, info: ServerInfo | None) -> None:
        """Keep what the server said about itself, also that it says nothing."""
        with self._lock:
            self._info = info
            self._is_known = True

    def check(self, route: str, options: Iterable[str] = ()) -> Steps[None]:
        """Refuse a call that the server's version is known not to serve.

        Args:
            route: Its method and path.
            options: Names on the wire of what the caller chose; see `server_check`.

        Raises:
            ServerVersionError: The server lacks the route or an option.
            HTTPServerConnectionError: The server cannot be reached.

        """
        if self._is_hosted:
            return
        options = tuple(options)
        if is_known_to_all_servers(route, options):
            return
        needs = needs_of(route, options)
        if not needs:
            return
        was_known = self._is_known
        if not was_known:
            yield from call_shared(Shared("version of the server", self._ask))
        error = self._lack(needs)
        if error is not None and was_known:
            # What is remembered may be of long ago: the server may have been updated since.
            yield from call_shared(Shared("version of the server", self._ask))
            error = self._lack(needs)
        if error is not None:
            raise error

    def _ask(self) -> Steps[None]:
        try:
            self.remember((yield from call(get_server_info())))
        except (HTTPCallErrorError, InvalidResponseError) as error:
            _logger.debug("the server at %s does not tell its version: %s", self._api_url, error)
            self.remember(None)

    def _lack(self, needs: Iterable[Need]) -> ServerVersionError | None:
        """The first need that the server, as it is remembered, does not meet."""
        info = self._info
        if info is None:
            return None
        for need in needs:
            known = need.availability
            if need.is_missing_yet_in(info.version):
                help_ = f"{need.coming}; update the server to {known.since} or newer"
                return self._error(need, info.version, help_, since=known.since)
            if need.is_gone_in(info.version):
                return self._error(
                    need, info.version, f"{need.going}; use a server up to {known.until}", until=known.until
                )
        return None

    def _error(
        self, need: Need, version: str, help_: str, *, since: str | None = None, until: str | None = None
    ) -> ServerVersionError:
        what = need.route if need.parameter is None else f"{need.parameter!r} of {need.route}"
        way_out = "" if need.parameter is None else ", or leave it out"
        return ServerVersionError(
            f"the server at {self._api_url} is {version}, which has no {what}: {help_}{way_out}",
            server_version=version,
            route=need.route,
            parameter=need.parameter,
            since=since,
            until=until,
        )
