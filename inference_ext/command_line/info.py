"""`inference-ext info`: which server is there, and which client this is."""

from __future__ import annotations

from ..version import VERSION
from .connection import open_client, server_url
from .exit_codes import ExitCode
from .options import ApiKeyFile, AsJson, Embedded, Timeout, Url, examples
from .standard_output import as_json as to_json
from .standard_output import write_data

__all__ = ["EPILOG", "info"]

EPILOG = examples("inference-ext info", "inference-ext info --json --embedded")


def info(
    url: Url = None,
    api_key_file: ApiKeyFile = None,
    embedded: Embedded = False,
    timeout: Timeout = None,
    as_json: AsJson = False,
) -> int:
    """Show the server's name, version and identity, its address, and this client's version."""
    with open_client(url=url, api_key_file=api_key_file, embedded=embedded, timeout=timeout) as client:
        server = client.get_server_info()
    facts = {
        "name": server.name,
        "version": server.version,
        "uuid": server.uuid,
        "url": None if embedded else server_url(url),
        "client_version": VERSION,
    }
    if as_json:
        write_data(to_json(facts, indent=2) + "\n")
    else:
        shown = {**facts, "url": facts["url"] or "none (embedded)"}
        write_data("".join(f"{name.replace('_', ' ') + ':':16}{value}\n" for name, value in shown.items()))
    return ExitCode.DONE
