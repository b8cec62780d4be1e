"""The client class people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from .configuring import Configuring
from .core_models.clip import Clip
from .core_models.depth import DepthEstimation
from .core_models.image_embeddings import ImageEmbeddings
from .core_models.language_models import LanguageModels
from .core_models.open_vocabulary import OpenVocabulary
from .core_models.perception_encoder import PerceptionEncoder
from .core_models.reconstruction_3d import Reconstruction3D
from .core_models.retired_models import RetiredModels
from .core_models.segment_anything import SegmentAnything
from .core_models.segment_anything_2 import SegmentAnything2
from .core_models.segment_anything_3 import SegmentAnything3
from .core_models.text_reading import TextReading
from .discovery import Discovery
from .inference import Inference
from .pipelines import Pipelines
from .server_control import ServerControl
from .streaming import Streaming
from .typed_inference import TypedInference
from .video_clips import VideoClips
from .workflow_discovery import WorkflowDiscovery
from .workflows import Workflows

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["InferenceHTTPClient"]


class InferenceHTTPClient(
    Configuring,
    TypedInference,
    Inference,
    Streaming,
    VideoClips,
    ServerControl,
    Discovery,
    Workflows,
    WorkflowDiscovery,
    Pipelines,
    Clip,
    PerceptionEncoder,
    ImageEmbeddings,
    TextReading,
    LanguageModels,
    DepthEstimation,
    OpenVocabulary,
    SegmentAnything,
    SegmentAnything2,
    SegmentAnything3,
    Reconstruction3D,
    RetiredModels,
):
    """A client for one Roboflow Inference server, hosted or your own.

    Every call exists twice: blocking, and with the suffix `_async` for asyncio. The client can be shared between
    threads, tasks and event loops, keeps its connections open between calls, and closes them at the end of a `with`
    (or `async with`) block or by `close()` / `aclose()`. It works on in forked processes. A pickle of it holds neither
    the API key nor a service secret, except when it is handed to a process that is being started; elsewhere the key is
    taken from the environment again.

    Args:
        api_url: Address of the server, such as `http://localhost:9001`. Hosts of the provider's hosted API start in
            mode v0, all others in v1.
        api_key: The platform's API key. Default: the environment variable `ROBOFLOW_API_KEY`, then `API_KEY`; without
            one none is sent.
        url_policy: Which image URLs this client downloads. Default: `URLPolicy.from_environment()`.
        application: A WSGI application to call in this process instead of the server behind `api_url`, such as
            `inference_ext.local.LocalBackend`. No socket is used.

    Raises:
        InvalidParameterError: `api_url` is not an http or https address.

    """

    @classmethod
    def init(cls, api_url: str, api_key: str | None = None) -> Self:
        """Make a client; the same as calling the class."""
        return cls(api_url, api_key)

    @classmethod
    def embedded(cls, application: WSGIApplication | None = None) -> Self:
        """Make a client on the embedded backend: real detectors in this process, no server, no key, no network.

        Args:
            application: The backend. Default: a new `inference_ext.local.LocalBackend` with its built-in models.

        Raises:
            MissingDependencyError: The extra `local` is not installed.

        """
        if application is None:
            from ..local import LocalBackend

            application = LocalBackend()
        return cls("http://embedded.invalid", application=application)

    if not TYPE_CHECKING:

        @property
        def webrtc(self) -> None:
            """Say what to use in place of the WebRTC sessions of inference-sdk; to a type checker there is no name."""
            raise AttributeError(
                "there are no WebRTC sessions here: let the server read the camera or the file and run the workflow "
                "on it (start_inference_pipeline_with_workflow), or send it the frames from here (infer_on_stream)"
            )
