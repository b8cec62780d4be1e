"""An API key: where it comes from, and where it travels."""

from __future__ import annotations

import os
import re

from attrs import field, frozen

from ..errors import InvalidParameterError
from .inference_configuration import ApiKeyTransport
from .secret_text import SecretText

__all__ = ["Credentials", "api_key_from_environment", "checked_api_key"]

_KEY = re.compile(r"[!-~]+")  # ASCII without blanks and control characters: it must fit into a header


def checked_api_key(api_key: object) -> SecretText | None:
    """Check a key; gives `None` for none and for empty text. Blanks around it, as of a file's last line, are dropped.

    Raises:
        InvalidParameterError: It is nothing that can be sent. The message does not show it.

    """
    if api_key is not None and not isinstance(api_key, str):
        raise InvalidParameterError(f"api_key: expected text or None, got {type(api_key).__name__}")
    key = SecretText((api_key or "").strip())
    if key and not _KEY.fullmatch(key):
        raise InvalidParameterError(
            "api_key: expected letters, digits and signs of ASCII without blanks (the key itself is not shown here)"
        )
    return key or None


def api_key_from_environment() -> SecretText | None:
    """Give the key in `ROBOFLOW_API_KEY` or, if there is none, in `API_KEY`.

    Raises:
        InvalidParameterError: It is nothing that can be sent.

    """
    return checked_api_key(os.environ.get("ROBOFLOW_API_KEY") or os.environ.get("API_KEY"))


@frozen
class Credentials:
    """An API key and the places it is put in. A missing key is left out everywhere, never sent as `None`."""

    api_key: str | None = field(default=None, repr=lambda key: "None" if key is None else "'***'")
    transport: ApiKeyTransport = ApiKeyTransport.LEGACY

    def in_place(self) -> dict[str, str]:
        """Give the key as the field `api_key` of a JSON body or a query; empty in header transport."""
        if self.api_key is None or self.transport is ApiKeyTransport.HEADER:
            return {}
        return {"api_key": self.api_key}

    def in_headers(self) -> tuple[tuple[str, str], ...]:
        """Give the `Authorization` header; empty in legacy transport."""
        if self.api_key is None or self.transport is ApiKeyTransport.LEGACY:
            return ()
        return (("authorization", SecretText(f"Bearer {self.api_key}")),)
