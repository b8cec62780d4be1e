"""Take secrets out of what comes back from a server."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

__all__ = ["Secrets"]

_REDACTED = "***"


class Secrets:
    """Texts that must not appear in anything that comes out of a call.

    A server may repeat them as they went over the wire, so every form they take there is looked for.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts = tuple(text for text in texts if text)

    def __contains__(self, text: object) -> bool:
        """Whether a text is one of the secrets."""
        return text in self._texts

    def redact(self, text: str) -> str:
        """Replace every secret in a text."""
        forms = {form for secret in self._texts for form in _forms(secret)}
        # The longest first: a secret may be a part of another.
        for form in sorted(forms, key=len, reverse=True):
            text = text.replace(form, _REDACTED)
        return text


def _forms(text: str) -> Iterable[str]:
    yield text
    yield quote(text, safe="")
    yield quote_plus(text)
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield html.escape(text)
