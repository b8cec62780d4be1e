"""The environment variables a server is started with."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Engine", "Profile", "platform_variables", "server_variables"]


class Engine(StrEnum):
    """Which of the server's two model engines answers."""

    LOCAL = "local"
    """The current one, `inference-models`."""
    LEGACY = "legacy"
    """The older one, `old-inference`."""


class Profile(StrEnum):
    """Which routes the server mounts."""

    DEFAULT = "default"
    FULL = "full"
    """Every route there is: the profile the schema is pulled from."""


DEFAULT_PROFILE = {
    # Video pipelines are tested too; the server leaves them out unless it is told otherwise.
    "ENABLE_STREAM_API": "True",
}

FULL_PROFILE = {
    "ENABLE_STREAM_API": "True",
    "CORE_MODEL_OWLV2_ENABLED": "True",
    "ENABLE_BUILDER": "True",
    "SAM3_3D_OBJECTS_ENABLED": "True",
    "SECURE_GATEWAY_HEALTH_ENDPOINT_ENABLED": "True",
    "LMM_ENABLED": "True",
}

ALWAYS = {
    # Nothing leaves the machine.
    "METRICS_ENABLED": "False",
    "TELEMETRY_OPT_OUT": "True",
    "DISABLE_VERSION_CHECK": "True",
    "OTEL_SDK_DISABLED": "true",
    # By default the server deletes the model files when its registry is cleared.
    "DISK_CACHE_CLEANUP": "False",
    # By default a workflow may bring its own Python, and whoever reaches the port may send workflows.
    "ALLOW_CUSTOM_PYTHON_EXECUTION_IN_WORKFLOWS": "False",
    # By default the traces that a workflow run asks for come back empty.
    "ENABLE_WORKFLOWS_PROFILING": "True",
    # By default a server fetches images over https alone; the pictures of the tests are on loopback.
    "ALLOW_NON_HTTPS_URL_INPUT": "True",
    "ALLOW_URL_INPUT_WITHOUT_FQDN": "True",
    # Pipelines are spawned when one is started.
    "STREAM_API_PRELOADED_PROCESSES": "0",
    "PYTHONUNBUFFERED": "1",
}

ENGINES = {
    Engine.LOCAL: {
        "USE_INFERENCE_MODELS": "True",
        # A model id is taken as a folder relative to the working folder, so no platform is asked.
        "ALLOW_INFERENCE_MODELS_DIRECTLY_ACCESS_LOCAL_PACKAGES": "True",
    },
    Engine.LEGACY: {"USE_INFERENCE_MODELS": "False"},
}

PASSED_ON = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")
"""Only these come from the caller: a stray `API_KEY` or `WORKFLOWS_...` would change the server's answers."""


def server_variables(engine: Engine, profile: Profile, model_cache: Path, python_path: Path) -> dict[str, str]:
    """Return the environment of a server process, complete but for whom it may ask about keys and models."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    folders = {
        "MODEL_CACHE_DIR": str(model_cache),
        "INFERENCE_HOME": str(model_cache),
        "PYTHONPATH": str(python_path),
    }
    routes = FULL_PROFILE if profile is Profile.FULL else DEFAULT_PROFILE
    return passed_on | ALWAYS | ENGINES[engine] | routes | folders


def platform_variables(platform_url: str | None, workspace: str | None) -> dict[str, str]:
    """Return the part of the environment that names the platform.

    Args:
        platform_url: Its address; `None` for a server that is offline.
        workspace: The only one whose keys are accepted; `None` accepts callers without a key.

    """
    if platform_url is None:
        return {"OFFLINE_MODE": "True"}
    # Two names, because the current engine fetches models through a package of its own.
    variables = {"API_BASE_URL": platform_url, "ROBOFLOW_API_HOST": platform_url}
    if workspace is not None:
        variables["WORKSPACES_WHITELISTED_FOR_LOCAL_DEPLOYMENT"] = workspace
    return variables
