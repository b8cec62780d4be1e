"""Which workflow steps do nothing outside the server, so that running them twice does no harm.

The list names what is known to be harmless and not what is known to do something: a step of a newer server, of a
plug-in or of the caller's own is not in it, and a workflow that has one is sent once. A test against the real server
compares the list with the blocks that the server describes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..json_types import is_array, is_object

__all__ = ["HARMLESS_STEPS", "has_only_harmless_steps"]

# Names without a version. Left out: all sinks (uploads, files, notifications, devices, databases), and inner_workflow,
# which hides the steps of another workflow.
_CORE = """
    absolute_static_crop anomaly_detection_model anomaly_heatmap_visualization anthropic_claude auto_rotate_on_edges
    background_color_visualization background_subtraction barcode_detector blur_visualization
    bounding_box_visualization bounding_rect buffer byte_tracker cache_get cache_set camera-calibration camera_focus
    circle_visualization classification_label_visualization clip clip_comparison cog_vlm color_visualization
    continue_if contours_detection contrast_enhancement contrast_equalization convert_grayscale corner_visualization
    cosine_similarity cosmos3_edge crop_visualization csv_formatter current_time data_aggregator delta_filter
    depth_estimation detection_event_log detection_offset detections_classes_replacement detections_combine
    detections_consensus detections_difference detections_filter detections_list_rollup detections_merge
    detections_nearest_neighbor detections_stitch detections_transformation dimension_collapse distance_measurement
    dominant_color dot_visualization dynamic_crop dynamic_zone easy_ocr ellipse_visualization embedding_model
    environment_secrets_store expression first_non_empty_or_default florence_2 frame_delay gaze geotag_detection
    glm_ocr google_gemini google_gemma google_vision_ocr grid_visualization halo_visualization heatmap_visualization
    icon_visualization identify_changes identify_outliers image_blur image_preprocessing image_slicer image_stack
    json_parser keypoint_visualization kimi_openrouter label_visualization line_counter line_counter_visualization
    llama_3_2_vision llama_vision lmm lmm_for_classification mask_area_measurement mask_edge_snap mask_visualization
    meta_vlm mistral_vlm model_comparison_visualization moondream2 morphological_transformation motion_detection
    ocr_model open_ai openai_compatible openrouter overlap overlap_analysis path_deviation_analytics
    per_class_confidence_filter perception_encoder perspective_correction pixel_color_count pixelate_visualization
    polygon_visualization polygon_zone_visualization pp_ocr property_definition qr_code_detector qr_code_generator
    qwen25vl qwen3_5_openrouter qwen3_5vl qwen3_6_openrouter qwen3vl qwen_vlm rate_limiter
    reference_path_visualization relative_statoic_crop rich_label_visualization roboflow_action_recognition_model
    roboflow_classification_model roboflow_instance_segmentation_model roboflow_keypoint_detection_model
    roboflow_multi_label_classification_model roboflow_object_detection_model roboflow_semantic_segmentation_model
    sam3 sam3_interactive sam3_video seg-preview segment_anything segment_anything_2_video sift sift_comparison
    size_measurement smolvlm2 spacexai stability_ai_image_gen stability_ai_inpainting stability_ai_outpainting
    stabilize_detections stitch_images stitch_ocr_detections string_template switch_case template_matching
    text_display threshold time_in_zone time_travel trace_visualization track_class_lock trackers_botsort
    trackers_bytetrack trackers_ocsort trackers_sort triangle_visualization velocity visual_search
    visual_search_classifier vlm_as_classifier vlm_as_detector yolo_world_model zai_vlm
"""

_SHORT = """
    AbsoluteStaticCrop BackgroundColorVisualization BarcodeDetection BarcodeDetector BlurVisualization
    BoundingBoxVisualization Buffer CircleVisualization ClassificationModel ClipComparison CogVLM ColorVisualization
    ContinueIf CornerVisualization Crop CropVisualization DetectionOffset DetectionsClassesReplacement
    DetectionsConsensus DetectionsDifference DetectionsFilter DetectionsListRollUp DetectionsTransformation
    DimensionCollapse DotVisualization DynamicCrop DynamicZone EasyOCR EllipseVisualization Expression
    FirstNonEmptyOrDefault FrameDelay HaloVisualization HeatmapVisualization IconVisualization
    InstanceSegmentationModel KeypointVisualization KeypointsDetectionModel LMM LMMForClassification
    LabelVisualization MaskVisualization MultiLabelClassificationModel OCRModel ObjectDetectionModel OpenAI
    OverlapAnalysis PerspectiveCorrection PixelateVisualization PolygonVisualization PropertyDefinition
    PropertyExtraction QRCodeDetection QRCodeDetector QRCodeGenerator RelativeStaticCrop RoboflowClassificationModel
    RoboflowInstanceSegmentationModel RoboflowKeypointDetectionModel RoboflowMultiLabelClassificationModel
    RoboflowObjectDetectionModel SwitchCase TimeTravel TriangleVisualization YoloWorld YoloWorldModel
"""

HARMLESS_STEPS = frozenset(f"roboflow_core/{name}" for name in _CORE.split()) | frozenset(_SHORT.split())
"""Values of a step's `type` without their version (`@v2`)."""


def has_only_harmless_steps(specification: Mapping[str, Any]) -> bool:
    """Whether none of the steps of a workflow definition sends, stores or moves anything, as far as is known here."""
    steps = specification.get("steps")
    # Custom Python blocks do what they like, and may take the name of any other.
    if specification.get("dynamic_blocks_definitions") or not is_array(steps):
        return False
    return all(is_object(step) and _family(step.get("type")) in HARMLESS_STEPS for step in steps)


def _family(step_type: object) -> str:
    return step_type.partition("@")[0] if isinstance(step_type, str) else ""
