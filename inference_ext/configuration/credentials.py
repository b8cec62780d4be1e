"""Where an API key travels."""

from __future__ import annotations

from attrs import field, frozen

from .inference_configuration import ApiKeyTransport

__all__ = ["Credentials"]


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
        return (("authorization", f"Bearer {self.api_key}"),)
