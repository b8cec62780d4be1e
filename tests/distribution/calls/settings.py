"""Every setting: as an argument, and read back."""

import os
from dataclasses import asdict, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, assert_type

import attrs

from inference_ext import (
    ApiKeyTransport,
    HTTPClientMode,
    InferenceConfiguration,
    URLPolicy,
    VisualisationResponseFormat,
)


def made() -> None:
    assert_type(InferenceConfiguration(), InferenceConfiguration)
    assert_type(InferenceConfiguration.init_default(), InferenceConfiguration)
    assert_type(
        InferenceConfiguration(
            confidence_threshold=0.5,
            keypoint_confidence_threshold=0.5,
            iou_threshold=0.5,
            class_filter=["cat"],
            class_agnostic_nms=True,
            max_detections=10,
            max_candidates=100,
            fix_batch_size=False,
            mask_decode_mode="tradeoff",
            tradeoff_factor=0.5,
            response_mask_format="rle",
            allow_reduced_mask_resolution=True,
            include_anomaly_map=True,
            format="image_and_json",
            visualize_predictions=True,
            visualize_labels=True,
            stroke_width=2,
            output_visualisation_format=VisualisationResponseFormat.NUMPY,
            disable_preproc_auto_orientation=True,
            disable_preproc_contrast=True,
            disable_preproc_grayscale=True,
            disable_preproc_static_crop=True,
            disable_active_learning=True,
            active_learning_target_dataset="d",
            source="s",
            source_info="i",
            count_inference=False,
            service_secret="s",
            client_downsizing_disabled=False,
            default_max_input_size=640,
            image_format="png",
            jpeg_quality=90,
            v0_upload="multipart",
            image_url_handling="pass_through",
            max_image_pixels=10_000_000,
            image_extensions_for_directory_scan=["jpg"],
            source_buffer_filling_strategy="drop_oldest",
            max_concurrent_requests=4,
            max_batch_size=8,
            on_error="return",
            show_progress=True,
            connect_timeout=1,
            request_timeout=2.5,
            total_timeout=10,
            max_retries=0,
            api_key_transport="header",
            profiling_directory=Path("traces"),
            workflow_run_retries_enabled=False,
        ),
        InferenceConfiguration,
    )
    assert_type(
        InferenceConfiguration(
            confidence_threshold="best",
            class_filter=("cat", "dog"),
            output_visualisation_format="pillow",
            api_key_transport=ApiKeyTransport.BOTH,
            image_extensions_for_directory_scan=("jpg", "png"),
            profiling_directory="traces",
            format=None,
        ),
        InferenceConfiguration,
    )


def changed(settings: InferenceConfiguration) -> None:
    assert_type(replace(settings, confidence_threshold=0.5), InferenceConfiguration)
    assert_type(attrs.evolve(settings, confidence_threshold=0.5), InferenceConfiguration)
    assert_type(asdict(settings), dict[str, Any])


def read(settings: InferenceConfiguration) -> None:
    assert_type(settings.confidence_threshold, float | Literal["best", "default"] | None)
    assert_type(settings.keypoint_confidence_threshold, float | None)
    assert_type(settings.iou_threshold, float | None)
    assert_type(settings.class_filter, tuple[str, ...] | None)
    assert_type(settings.class_agnostic_nms, bool | None)
    assert_type(settings.max_detections, int | None)
    assert_type(settings.max_candidates, int | None)
    assert_type(settings.fix_batch_size, bool | None)
    assert_type(settings.mask_decode_mode, Literal["accurate", "tradeoff", "fast"] | None)
    assert_type(settings.tradeoff_factor, float | None)
    assert_type(settings.response_mask_format, Literal["polygon", "rle"] | None)
    assert_type(settings.allow_reduced_mask_resolution, bool)
    assert_type(settings.include_anomaly_map, bool | None)
    assert_type(settings.format, Literal["json", "image", "image_and_json"] | None)
    assert_type(settings.visualize_predictions, bool)
    assert_type(settings.visualize_labels, bool | None)
    assert_type(settings.stroke_width, int | None)
    assert_type(settings.output_visualisation_format, VisualisationResponseFormat)
    assert_type(settings.disable_preproc_auto_orientation, bool | None)
    assert_type(settings.disable_preproc_contrast, bool | None)
    assert_type(settings.disable_preproc_grayscale, bool | None)
    assert_type(settings.disable_preproc_static_crop, bool | None)
    assert_type(settings.disable_active_learning, bool)
    assert_type(settings.active_learning_target_dataset, str | None)
    assert_type(settings.source, str | None)
    assert_type(settings.source_info, str | None)
    assert_type(settings.count_inference, bool | None)
    assert_type(settings.service_secret, str | None)
    assert_type(settings.client_downsizing_disabled, bool)
    assert_type(settings.default_max_input_size, int)
    assert_type(settings.image_format, Literal["jpeg", "png"])
    assert_type(settings.jpeg_quality, int)
    assert_type(settings.v0_upload, Literal["base64", "multipart"])
    assert_type(settings.image_url_handling, Literal["download", "pass_through"])
    assert_type(settings.max_image_pixels, int)
    assert_type(settings.image_extensions_for_directory_scan, tuple[str, ...])
    assert_type(settings.source_buffer_filling_strategy, Literal["wait", "drop_oldest"])
    assert_type(settings.max_concurrent_requests, int)
    assert_type(settings.max_batch_size, int)
    assert_type(settings.on_error, Literal["raise", "return"])
    assert_type(settings.show_progress, bool)
    assert_type(settings.connect_timeout, float)
    assert_type(settings.request_timeout, float)
    assert_type(settings.total_timeout, float)
    assert_type(settings.max_retries, int)
    assert_type(settings.api_key_transport, ApiKeyTransport | None)
    assert_type(settings.profiling_directory, str)
    assert_type(settings.workflow_run_retries_enabled, bool)


def choices(transport: ApiKeyTransport, mode: HTTPClientMode, pictures: VisualisationResponseFormat) -> None:
    texts: list[str] = [transport.value, mode.value, pictures.value, transport, mode, pictures]
    assert_type(texts[0], str)
    assert_type(ApiKeyTransport("header"), ApiKeyTransport)
    assert_type(HTTPClientMode("v1"), HTTPClientMode)
    assert_type(VisualisationResponseFormat("numpy"), VisualisationResponseFormat)
    assert_type(ApiKeyTransport.LEGACY, Literal[ApiKeyTransport.LEGACY])
    assert_type(ApiKeyTransport.HEADER, Literal[ApiKeyTransport.HEADER])
    assert_type(ApiKeyTransport.BOTH, Literal[ApiKeyTransport.BOTH])
    assert_type(HTTPClientMode.V0, Literal[HTTPClientMode.V0])
    assert_type(HTTPClientMode.V1, Literal[HTTPClientMode.V1])
    assert_type(VisualisationResponseFormat.BASE64, Literal[VisualisationResponseFormat.BASE64])
    assert_type(VisualisationResponseFormat.NUMPY, Literal[VisualisationResponseFormat.NUMPY])
    assert_type(VisualisationResponseFormat.PILLOW, Literal[VisualisationResponseFormat.PILLOW])


def addresses(policy: URLPolicy) -> None:
    assert_type(
        URLPolicy(
            allow_urls=True,
            allow_http=False,
            allow_non_global_addresses=False,
            allow_hosts_without_domain=True,
            allowed_hosts={"images.example.org"},
            denied_hosts=["internal.example.org"],
            max_redirects=1,
            max_bytes=1_000_000,
            timeout=5.0,
        ),
        URLPolicy,
    )
    assert_type(URLPolicy.from_environment(), URLPolicy)
    assert_type(URLPolicy.from_environment(environment=os.environ), URLPolicy)
    assert_type(URLPolicy.from_environment({"ALLOW_URL_INPUT": "False"}), URLPolicy)
    assert_type(policy.allow_urls, bool)
    assert_type(policy.allow_http, bool)
    assert_type(policy.allow_non_global_addresses, bool)
    assert_type(policy.allow_hosts_without_domain, bool)
    assert_type(policy.allowed_hosts, frozenset[str] | None)
    assert_type(policy.denied_hosts, frozenset[str])
    assert_type(policy.max_redirects, int)
    assert_type(policy.max_bytes, int)
    assert_type(policy.timeout, float)
    policy.check_url(url="https://images.example.org/a.jpg")
    policy.check_address(address=ip_address("1.1.1.1"), host="images.example.org")
