"""Changes of the server's document, each with the rows that a maintainer would edit for it."""

from __future__ import annotations

from typing import Any

from planted_copies import ServerCopy

TEXT: dict[str, Any] = {"type": "string"}
OPTIONAL_TEXT: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def parameter(copy: ServerCopy, path: str, method: str, name: str) -> dict[str, Any]:
    (found,) = (row for row in copy.paths[path][method]["parameters"] if row["name"] == name)
    return found


def fields(copy: ServerCopy, schema: str) -> dict[str, Any]:
    return copy.schemas[schema]["properties"]


def remove_operation(copy: ServerCopy) -> None:
    copy.paths.pop("/clear_cache")
    copy.operations.pop("GET /clear_cache")
    copy.texts("operations").pop("clear_cache")


def rename_operation(copy: ServerCopy) -> None:
    copy.operations["GET /inference_pipelines/list"] = ["pipelines", "list_all_pipelines"]
    texts = copy.texts("operations")
    texts["list_all_pipelines"] = texts.pop("list_pipelines")


def remove_parameter(copy: ServerCopy) -> None:
    operation = copy.paths["/start/{dataset_id}/{version_id}"]["get"]
    operation["parameters"] = [row for row in operation["parameters"] if row["name"] != "service_secret"]


def move_parameter_to_header(copy: ServerCopy) -> None:
    parameter(copy, "/logs", "get", "level")["in"] = "header"


def change_parameter_type(copy: ServerCopy) -> None:
    parameter(copy, "/notebook/start", "get", "browserless")["schema"] = TEXT


def require_parameter(copy: ServerCopy) -> None:
    found = parameter(copy, "/workflows/validate", "post", "api_key")
    found["required"], found["schema"] = True, TEXT


def change_success_status(copy: ServerCopy) -> None:
    responses = copy.paths["/clip/compare"]["post"]["responses"]
    responses["201"] = responses.pop("200")


def remove_answer_field(copy: ServerCopy) -> None:
    fields(copy, "ModelDescriptionEntity").pop("vram_bytes")
    copy.texts("fields").pop("vram_bytes")


def widen_answer_type(copy: ServerCopy) -> None:
    fields(copy, "ServerVersionInfo")["version"] = OPTIONAL_TEXT


def relax_answer_field(copy: ServerCopy) -> None:
    copy.schemas["FrameMetadata"]["required"].remove("frame_timestamp")


def change_answer_items(copy: ServerCopy) -> None:
    fields(copy, "ExecutionEngineVersions")["versions"]["items"] = {"type": "integer"}


def widen_answer_enum(copy: ServerCopy) -> None:
    copy.schemas["ModelRequiredAction"]["enum"].append("wait")


def narrow_answer_enum(copy: ServerCopy) -> None:
    copy.schemas["ModelExecutionLocation"]["enum"].pop()


def rename_answer_schema(copy: ServerCopy) -> None:
    copy.normalise["rename_schemas"]["Sam2EmbeddingResponse"] = "Sam2ImageEmbedding"
    texts = copy.texts("schemas")
    texts["Sam2ImageEmbedding"] = texts.pop("Sam2EmbeddingResponse")
    texts = copy.texts("fields")
    texts["Sam2ImageEmbedding.image_id"] = texts.pop("Sam2EmbeddingResponse.image_id")


def remove_request_field(copy: ServerCopy) -> None:
    fields(copy, "TrOCRInferenceRequest").pop("trocr_version_id")
    copy.texts("fields").pop("trocr_version_id")


def add_required_request_field(copy: ServerCopy) -> None:
    fields(copy, "AddModelRequest")["region"] = TEXT
    copy.schemas["AddModelRequest"]["required"].append("region")
    copy.texts("fields")["AddModelRequest.region"] = "Where the model is loaded."


def require_request_field(copy: ServerCopy) -> None:
    copy.schemas["LMMInferenceRequest"]["required"].append("prompt")


def narrow_request_type(copy: ServerCopy) -> None:
    fields(copy, "WebRTCTURNConfig")["urls"] = TEXT


def narrow_request_enum(copy: ServerCopy) -> None:
    copy.schemas["BufferFillingStrategy"]["enum"].remove("ADAPTIVE_DROP_LATEST")


def change_request_default(copy: ServerCopy) -> None:
    fields(copy, "GroundingDINOInferenceRequest")["box_threshold"]["default"] = 0.3


def add_operation(copy: ServerCopy) -> None:
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Uptime"}}}, "description": ""}
    copy.paths["/uptime"] = {"get": {"operationId": "uptime", "responses": {"200": answer}}}
    copy.schemas["Uptime"] = {"type": "object", "properties": {"time": {"type": "number"}}, "required": ["time"]}
    copy.operations["GET /uptime"] = ["server", "get_uptime"]
    copy.texts("operations")["get_uptime"] = {"summary": "Ask how long it runs.", "description": "In seconds."}
    copy.texts("schemas")["Uptime"] = "Answer of get_uptime."
    copy.texts("fields")["Uptime.time"] = "Seconds since the start."


def add_optional_parameter(copy: ServerCopy) -> None:
    row = {"name": "verbose", "in": "query", "required": False, "schema": {"type": "boolean"}}
    copy.paths["/model/registry"]["get"]["parameters"] = [row]
    copy.texts("parameters")["verbose"] = "Whether to tell more."


def add_optional_request_field(copy: ServerCopy) -> None:
    fields(copy, "ClearModelRequest")["force"] = {"type": "boolean"}
    copy.texts("fields")["ClearModelRequest.force"] = "Whether to unload it while it is used."


def add_answer_field(copy: ServerCopy) -> None:
    fields(copy, "ListPipelinesResponse")["count"] = {"type": "integer"}
    copy.texts("fields")["ListPipelinesResponse.count"] = "How many there are."


def widen_request_type(copy: ServerCopy) -> None:
    fields(copy, "VideoConfiguration")["batch_collection_timeout"]["anyOf"].append({"type": "string"})


def widen_request_enum(copy: ServerCopy) -> None:
    copy.schemas["BufferConsumptionStrategy"]["enum"].append("STEADY")


def narrow_answer_type(copy: ServerCopy) -> None:
    fields(copy, "ClipEmbeddingResponse")["time"] = {"type": "number"}
