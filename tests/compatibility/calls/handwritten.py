"""Calls of the handwritten package, one function for each planted change of it."""

from typing import Any, assert_type

from inference_ext import (
    ApiKeyTransport,
    BlockTraceback,
    ExampleBox,
    ExampleImage,
    HTTPClientMode,
    HTTPServerConnectionError,
    InferenceHTTPClient,
    ModelDescription,
    ObjectDetectionResult,
    RegisteredModels,
    RequestTimeoutError,
    ResultTable,
    ServerInfo,
    URLPolicy,
    VisualisationResponseFormat,
    draw_result,
)


def parameter_removed(client: InferenceHTTPClient) -> None:
    client.get_model_description("project/1", allow_loading=False)


def parameter_renamed(client: InferenceHTTPClient) -> None:
    client.load_model("project/1", set_as_default=True)


def parameters_reordered(result: dict[str, Any]) -> None:
    draw_result(result, "street.jpg")


def parameter_became_keyword_only(client: InferenceHTTPClient) -> None:
    client.infer_on_video("street.mp4", "project/1")


def required_parameter_added(client: InferenceHTTPClient) -> None:
    client.pause_inference_pipeline("1")


def default_changed(result: ObjectDetectionResult) -> None:
    result.crops("street.jpg")


def parameter_type_narrowed(table: ResultTable, result: ObjectDetectionResult) -> None:
    table.add(1, result)


def result_type_widened(client: InferenceHTTPClient) -> None:
    assert_type(client.get_workflow_execution_engine_versions(), list[str])


def became_asynchronous(client: InferenceHTTPClient) -> None:
    assert_type(client.unload_model("project/1"), RegisteredModels)


def context_manager_removed(client: InferenceHTTPClient) -> None:
    with client.use_model("project/1") as same:
        assert_type(same, InferenceHTTPClient)


def property_became_method(client: InferenceHTTPClient) -> None:
    assert_type(client.selected_model, str | None)


def class_removed(result: ObjectDetectionResult) -> None:
    from inference_ext import AnnotatedPicture

    assert_type(result.picture("street.jpg"), AnnotatedPicture)


def base_of_error_changed(error: RequestTimeoutError) -> None:
    same: HTTPServerConnectionError = error
    print(same)


def attribute_removed(info: ServerInfo) -> None:
    assert_type(info.uuid, str)


def attribute_widened(model: ModelDescription) -> None:
    assert_type(model.task_type, str)


def literal_narrowed(client: InferenceHTTPClient) -> None:
    client.depth_estimation("street.jpg", depth_map_format="png8")


def overload_removed(client: InferenceHTTPClient) -> None:
    assert_type(client.get_clip_image_embeddings(["one.jpg", "two.jpg"]), list[dict[str, Any]])


def re_export_dropped() -> None:
    from inference_ext.http.entities import RegisteredModels as UnderOtherPath

    print(UnderOtherPath)


def key_became_required() -> None:
    box: ExampleBox = {"x": 1, "y": 2, "w": 3, "h": 4, "cls": "person"}
    print(box)


def required_field_added() -> None:
    URLPolicy(allow_http=False, max_bytes=1_000)


def default_removed() -> None:
    URLPolicy(allow_http=False)


def element_added(error: BlockTraceback) -> None:
    traceback, line, snippet, stdout, stderr = error
    print(traceback, line, snippet, stdout, stderr)


def enumeration_member_removed() -> None:
    print(VisualisationResponseFormat.PILLOW)


def enumeration_value_changed() -> None:
    assert_type(ApiKeyTransport("header"), ApiKeyTransport)


def optional_parameter_added(client: InferenceHTTPClient) -> None:
    assert_type(client.list_loaded_models(), RegisteredModels)


def method_added(models: RegisteredModels) -> None:
    assert_type(models.models, list[ModelDescription])


def parameter_type_widened(policy: URLPolicy) -> None:
    policy.check_url("https://example.com/street.jpg")


def result_type_narrowed(models: RegisteredModels) -> None:
    if (model := models.find("project/1")) is not None:
        print(model.model_id)


def enumeration_member_added(mode: HTTPClientMode) -> None:
    print(mode is HTTPClientMode.V1)


def optional_key_added(box: ExampleBox) -> None:
    image: ExampleImage = {"image": "street.jpg", "boxes": [box]}
    print(image)


def class_exported(policy: URLPolicy) -> None:
    assert_type(policy.max_redirects, int)


def literal_widened(client: InferenceHTTPClient) -> None:
    client.clip_compare("street.jpg", "a street", prompt_type="text")
