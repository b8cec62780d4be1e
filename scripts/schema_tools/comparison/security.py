"""What a caller must show to be served."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from schema_tools.comparison.difference import Change, Difference
from schema_tools.comparison.json_text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tools.document import JsonObject

__all__ = ["compare_schemes", "compare_security"]

#: The schemes that must be shown together, each with a scope, or with none.
Requirement: TypeAlias = frozenset[tuple[str, str]]


def compare_security(old: list[JsonObject], new: list[JsonObject]) -> Iterator[Change]:
    """Every change of the alternatives that open an operation; no alternative at all means open to everyone."""
    olds, news = _requirements(old), _requirements(new)
    for lost in _sorted(each for each in olds if not any(other <= each for other in news)):
        yield Change("breaking", f"no longer opens with {_shown(lost)}, but with {_all_shown(news)}")
    for gained in _sorted(each for each in news if not any(other <= each for other in olds)):
        yield Change("added", f"also opens with {_shown(gained)}")


def compare_schemes(old: JsonObject, new: JsonObject) -> Iterator[Difference]:
    """Every change of how a key is shown, such as the header it stands in."""
    olds, news = (document["components"].get("securitySchemes", {}) for document in (old, new))
    for name in sorted(olds.keys() & news.keys()):
        if canonical(_plain(olds[name])) != canonical(_plain(news[name])):
            yield Difference("breaking", f"security scheme {name}", "a key is shown in another way")


def _requirements(alternatives: list[JsonObject]) -> list[Requirement]:
    rows = alternatives or [{}]
    return [frozenset((scheme, scope) for scheme, scopes in row.items() for scope in ("", *scopes)) for row in rows]


def _sorted(found: Iterator[Requirement]) -> list[Requirement]:
    return sorted(set(found), key=sorted)


def _shown(requirement: Requirement) -> str:
    named = [f"{scheme} ({scope})" if scope else scheme for scheme, scope in sorted(requirement)]
    return " and ".join(named) or "no key"


def _all_shown(found: list[Requirement]) -> str:
    return " or ".join(map(_shown, _sorted(iter(found))))


def _plain(scheme: JsonObject) -> JsonObject:
    return {key: value for key, value in scheme.items() if key != "description"}
