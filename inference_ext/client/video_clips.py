"""Running models over whole video clips."""

from __future__ import annotations

from typing import Any, cast

from ..configuration import HTTPClientMode
from ..operations.arguments import checked_flag
from ..operations.video_clips import VideoCall, VideoReference, infer_on_video
from .core import ClientCore
from .planning import Plan

__all__ = ["VideoClips"]


class VideoClips(ClientCore):
    """Action recognition: a clip is sent whole, or fetched by the server. Frame by frame see `infer_on_stream`."""

    def infer_on_video(
        self, video_reference: VideoReference, model_id: str | None = None, *, include_candidates: bool = False
    ) -> dict[str, Any]:
        """Run a video model over one clip, in the mode that is selected.

        The configuration's `class_filter`, `confidence_threshold`, `source` and usage settings apply.

        Args:
            video_reference: An http(s) URL, which the server fetches, or the path of a video file, which is read into
                memory and sent as base64. Prefer a URL for all but short clips.
            model_id: `project/version`. Default: the selected model.
            include_candidates: Give the scored candidates before they are merged as well, under `candidates`, to choose
                a threshold by. The answer is much larger and takes longer. Models that give no scores ignore it. Since
                server 1.7.4 at the latest (missing in 1.6.2).

        Returns:
            The server's answer as a dictionary: `timeline` (ranges of frames with their classes), `source_fps`,
            `frame_count`, `windows_classified`.

        Raises:
            ModelNotSelectedError: No model is given or selected.
            InvalidInputFormatError: The clip is neither a URL nor a file that can be read.
            InvalidModelIdentifier: The model's id is not `project/version` (v0).
            InvalidParameterError: A class of the filter holds a comma (v0).
            ModelTaskTypeNotSupportedError: The model takes images (v1).
            APIKeyNotProvided: The hosted API is called without a key.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not a JSON object.

        """
        return cast("dict[str, Any]", self._run(*self._video_plan(video_reference, model_id, include_candidates)))

    async def infer_on_video_async(
        self, video_reference: VideoReference, model_id: str | None = None, *, include_candidates: bool = False
    ) -> dict[str, Any]:
        """Run a video model over one clip, under asyncio; see `infer_on_video`."""
        return cast(
            "dict[str, Any]", await self._run_async(*self._video_plan(video_reference, model_id, include_candidates))
        )

    def infer_on_video_from_api_v0(
        self, video_reference: VideoReference, model_id: str | None = None, *, include_candidates: bool = False
    ) -> dict[str, Any]:
        """Run a video model over one clip with the v0 API, whatever mode is selected; see `infer_on_video`."""
        return cast(
            "dict[str, Any]",
            self._run(*self._video_plan(video_reference, model_id, include_candidates, HTTPClientMode.V0)),
        )

    async def infer_on_video_from_api_v0_async(
        self, video_reference: VideoReference, model_id: str | None = None, *, include_candidates: bool = False
    ) -> dict[str, Any]:
        """Run a video model over one clip with the v0 API, under asyncio; see `infer_on_video`."""
        return cast(
            "dict[str, Any]",
            await self._run_async(*self._video_plan(video_reference, model_id, include_candidates, HTTPClientMode.V0)),
        )

    def infer_on_video_from_api_v1(
        self, video_reference: VideoReference, model_id: str | None = None, *, include_candidates: bool = False
    ) -> dict[str, Any]:
        """Run a video model over one clip with the v1 API, whatever mode is selected; see `infer_on_video`.

        Since server 1.5.2 at the latest (missing in 1.4.1).
        """
        return cast(
            "dict[str, Any]",
            self._run(*self._video_plan(video_reference, model_id, include_candidates, HTTPClientMode.V1)),
        )

    async def infer_on_video_from_api_v1_async(
        self, video_reference: VideoReference, model_id: str | None = None, *, include_candidates: bool = False
    ) -> dict[str, Any]:
        """Run a video model over one clip with the v1 API, under asyncio; see `infer_on_video`."""
        return cast(
            "dict[str, Any]",
            await self._run_async(*self._video_plan(video_reference, model_id, include_candidates, HTTPClientMode.V1)),
        )

    def _video_plan(
        self,
        video_reference: object,
        model_id: str | None,
        include_candidates: bool,
        mode: HTTPClientMode | None = None,
    ) -> Plan:
        settings = self._settings(mode)
        chosen = self._chosen_model(model_id, settings)
        if settings.mode is HTTPClientMode.V0:
            self._check_key_for_hosted_api()
        video = VideoCall(
            settings=settings,
            model_id=chosen,
            credentials=self._credentials(settings),
            core=self._core_model_call(settings),
            known_models=self._known_models.find,
            remember_model=self._known_models.remember,
            include_candidates=checked_flag("include_candidates", include_candidates),
        )
        return infer_on_video(video_reference, video), settings
