"""The table of planted changes: what each level must say about each, and by its silence what it cannot see.

The levels are the comparison of the server's documents (`schema`), that of the generated package (`generated`), that of
the handwritten one (`handwritten`), and calls of the old release checked against the new code (`types`).
"""

from __future__ import annotations

import handwritten_plants as ours
import server_plants as server
from planted_change import Expected, Planted, added, behaviour, breaking, changed
from planted_copies import ServerCopy, SourceCopy

__all__ = ["FOLLOWING", "HANDWRITTEN", "SERVER"]

API, MODELS, EXT = "inference_api.api", "inference_api.models", "inference_ext"
CLIENT = f"{EXT}.InferenceHTTPClient"
CLIP = "client.core_models.clip"
NOTEBOOK = f"{API}.server.start_notebook.*"
VALIDATE = f"{API}.workflows.validate_workflow.*"

#: Tables of which server has what: they follow every change of the server and are no planted change.
FOLLOWING: tuple[Expected, ...] = (changed("inference_api.availability.*", "value"),)

SERVER: tuple[Planted[ServerCopy], ...] = (
    Planted(
        "operation removed",
        server.remove_operation,
        schema=(breaking("GET /clear_cache", "operation removed"),),
        generated=(breaking(f"{API}.server.clear_cache", "module removed"),),
        types='no attribute "clear_cache"',
    ),
    Planted(
        "operation renamed",
        server.rename_operation,
        generated=(
            breaking(f"{API}.pipelines.list_pipelines", "module removed"),
            added(f"{API}.pipelines.list_all_pipelines", "module added"),
        ),
        types='no attribute "list_pipelines"',
    ),
    Planted(
        "parameter removed",
        server.remove_parameter,
        schema=(breaking("GET /start/{dataset_id}/{version_id}", "query parameter `service_secret` removed"),),
        generated=(breaking(f"{API}.models_registry.start_model.*", "parameter `service_secret` removed"),),
        types='Unexpected keyword argument "service_secret"',
    ),
    Planted(
        "parameter moved to header",
        server.move_parameter_to_header,
        schema=(breaking("GET /logs", "query parameter `level`"),),
    ),
    Planted(
        "parameter type changed",
        server.change_parameter_type,
        schema=(
            breaking("GET /notebook/start", "query parameter `browserless` no longer takes boolean"),
            added("GET /notebook/start", "query parameter `browserless` also takes string"),
            behaviour("GET /notebook/start", "default of query parameter `browserless`"),
        ),
        generated=(
            breaking(NOTEBOOK, "parameter `browserless` no longer takes `bool`"),
            added(NOTEBOOK, "parameter `browserless` also takes `str`"),
        ),
        types='Argument "browserless" to "sync" has incompatible type "bool"',
    ),
    Planted(
        "parameter became required",
        server.require_parameter,
        schema=(
            breaking("POST /workflows/validate", "query parameter `api_key` became required"),
            breaking("POST /workflows/validate", "query parameter `api_key` no longer takes null"),
        ),
        generated=(
            breaking(VALIDATE, "parameter `api_key` became required"),
            breaking(VALIDATE, "parameter `api_key` no longer takes `None`, `Unset`"),
        ),
        types='Missing named argument "api_key"',
    ),
    Planted(
        "success status changed",
        server.change_success_status,
        schema=(breaking("POST /clip/compare", "success is 201, was 200"),),
    ),
    Planted(
        "answer field removed",
        server.remove_answer_field,
        schema=(breaking("ModelDescriptionEntity", "field `vram_bytes` removed"),),
        generated=(
            breaking(f"{MODELS}.ModelDescriptionEntity.vram_bytes", "attribute removed"),
            changed(f"{MODELS}.ModelDescriptionEntity.__init__", "parameter `vram_bytes` removed"),
        ),
        types='has no attribute "vram_bytes"',
    ),
    Planted(
        "answer type widened",
        server.widen_answer_type,
        schema=(breaking("ServerVersionInfo", "field `version` may now be null"),),
        generated=(breaking(f"{MODELS}.ServerVersionInfo.version", "value may now be `None`"),),
        types='Expression is of type "str | None", not "str"',
    ),
    Planted(
        "answer field may be missing",
        server.relax_answer_field,
        schema=(breaking("FrameMetadata", "field `frame_timestamp` may now be missing"),),
        generated=(breaking(f"{MODELS}.FrameMetadata.frame_timestamp", "value may now be `Unset`"),),
        types='Expression is of type "datetime | Unset", not "datetime"',
    ),
    Planted(
        "items of answer changed",
        server.change_answer_items,
        schema=(
            breaking("ExecutionEngineVersions", "`versions` may now be"),
            changed("ExecutionEngineVersions", "`versions` is no longer"),
        ),
        generated=(
            breaking(f"{MODELS}.ExecutionEngineVersions.versions", "value may now be `list[int]`"),
            changed(f"{MODELS}.ExecutionEngineVersions.versions", "value is no longer `list[str]`"),
        ),
        types='Expression is of type "list[int]", not "list[str]"',
    ),
    Planted(
        "answer enum widened",
        server.widen_answer_enum,
        schema=(breaking("ModelRequiredAction", "may now be 'wait'"),),
        generated=(breaking(f"{MODELS}.ModelRequiredAction", "it may now be `'wait'`"),),
        types='Argument 1 to "assert_never" has incompatible type "Literal[\'wait\']"',
    ),
    Planted(
        "answer enum narrowed",
        server.narrow_answer_enum,
        schema=(changed("ModelExecutionLocation", "is no longer 'environment_defined'"),),
        generated=(changed(f"{MODELS}.ModelExecutionLocation", "it is no longer `'environment_defined'`"),),
        types="Non-overlapping equality check",
    ),
    Planted(
        "answer schema renamed",
        server.rename_answer_schema,
        generated=(
            breaking(f"{MODELS}.Sam2EmbeddingResponse", "class removed"),
            added(f"{MODELS}.Sam2ImageEmbedding", "class added"),
            breaking(f"{API}.core_models.sam2_embed_image.*", "result may now be"),
            changed(f"{API}.core_models.sam2_embed_image.*", "result is no longer"),
        ),
        types='Name "models.Sam2EmbeddingResponse" is not defined',
    ),
    Planted(
        "request field removed",
        server.remove_request_field,
        schema=(breaking("TrOCRInferenceRequest", "field `trocr_version_id` removed"),),
        generated=(
            breaking(f"{MODELS}.TrOCRInferenceRequest.__init__", "parameter `trocr_version_id` removed"),
            breaking(f"{MODELS}.TrOCRInferenceRequest.trocr_version_id", "attribute removed"),
        ),
        types='Unexpected keyword argument "trocr_version_id"',
    ),
    Planted(
        "required request field added",
        server.add_required_request_field,
        schema=(breaking("AddModelRequest", "field `region` added (required)"),),
        generated=(
            breaking(f"{MODELS}.AddModelRequest.__init__", "parameter `region` added (required)"),
            added(f"{MODELS}.AddModelRequest.region", "attribute added"),
        ),
        types='Missing named argument "region"',
    ),
    Planted(
        "request field became required",
        server.require_request_field,
        schema=(breaking("LMMInferenceRequest", "field `prompt` became required"),),
        generated=(
            breaking(f"{MODELS}.LMMInferenceRequest.__init__", "parameter `prompt` became required"),
            breaking(f"{MODELS}.LMMInferenceRequest.__init__", "parameter `prompt` no longer takes `Unset`"),
        ),
        types='Missing named argument "prompt"',
    ),
    Planted(
        "request type narrowed",
        server.narrow_request_type,
        schema=(breaking("WebRTCTURNConfig", "field `urls` no longer takes"),),
        generated=(breaking(f"{MODELS}.WebRTCTURNConfig.__init__", "parameter `urls` no longer takes `list[str]`"),),
        types='Argument "urls" to "WebRTCTURNConfig" has incompatible type "list[str]"',
    ),
    Planted(
        "request enum narrowed",
        server.narrow_request_enum,
        schema=(breaking("BufferFillingStrategy", "no longer takes 'ADAPTIVE_DROP_LATEST'"),),
        generated=(breaking(f"{MODELS}.BufferFillingStrategy", "it no longer takes `'ADAPTIVE_DROP_LATEST'`"),),
        types="expression has type \"Literal['ADAPTIVE_DROP_LATEST']\"",
    ),
    Planted(
        "default of request changed",
        server.change_request_default,
        schema=(behaviour("GroundingDINOInferenceRequest", "default of field `box_threshold` 0.5 -> 0.3"),),
    ),
    Planted(
        "operation added",
        server.add_operation,
        schema=(added("GET /uptime", "operation added"), added("Uptime", "schema added")),
        generated=(added(f"{API}.server.get_uptime", "module added"), added(f"{MODELS}.Uptime", "class added")),
        additive=True,
    ),
    Planted(
        "optional parameter added",
        server.add_optional_parameter,
        schema=(added("GET /model/registry", "query parameter `verbose` added"),),
        generated=(added(f"{API}.models_registry.list_models.*", "parameter `verbose` added"),),
        additive=True,
    ),
    Planted(
        "optional request field added",
        server.add_optional_request_field,
        schema=(added("ClearModelRequest", "field `force` added"),),
        generated=(
            added(f"{MODELS}.ClearModelRequest.__init__", "parameter `force` added"),
            added(f"{MODELS}.ClearModelRequest.force", "attribute added"),
        ),
        additive=True,
    ),
    Planted(
        "answer field added",
        server.add_answer_field,
        schema=(added("ListPipelinesResponse", "field `count` added"),),
        generated=(
            added(f"{MODELS}.ListPipelinesResponse.__init__", "parameter `count` added"),
            added(f"{MODELS}.ListPipelinesResponse.count", "attribute added"),
        ),
        additive=True,
    ),
    Planted(
        "request type widened",
        server.widen_request_type,
        schema=(added("VideoConfiguration", "field `batch_collection_timeout` also takes string"),),
        generated=(
            added(f"{MODELS}.VideoConfiguration.__init__", "parameter `batch_collection_timeout` also takes `str`"),
        ),
        additive=True,
    ),
    Planted(
        "request enum widened",
        server.widen_request_enum,
        schema=(added("BufferConsumptionStrategy", "also takes 'STEADY'"),),
        generated=(added(f"{MODELS}.BufferConsumptionStrategy", "it also takes `'STEADY'`"),),
        additive=True,
    ),
    Planted(
        "answer type narrowed",
        server.narrow_answer_type,
        schema=(changed("ClipEmbeddingResponse", "field `time` is no longer null"),),
        generated=(changed(f"{MODELS}.ClipEmbeddingResponse.time", "value is no longer `None`"),),
        additive=True,
    ),
)

HANDWRITTEN: tuple[Planted[SourceCopy], ...] = (
    Planted(
        "parameter removed",
        ours.remove_parameter,
        handwritten=(breaking(f"{CLIENT}.get_model_description", "parameter `allow_loading` removed"),),
        types='Unexpected keyword argument "allow_loading"',
    ),
    Planted(
        "parameter renamed",
        ours.rename_parameter,
        handwritten=(
            breaking(f"{CLIENT}.load_model", "parameter `set_as_default` removed"),
            added(f"{CLIENT}.load_model", "parameter `make_default` added"),
        ),
        types='Unexpected keyword argument "set_as_default"',
    ),
    Planted(
        "parameters reordered",
        ours.reorder_parameters,
        handwritten=(
            breaking(f"{EXT}.draw_result", "parameter `result` has another position"),
            breaking(f"{EXT}.draw_result", "parameter `image` has another position"),
        ),
        types='Argument 1 to "draw_result" has incompatible type "dict[str, Any]"',
    ),
    Planted(
        "parameter became keyword only",
        ours.make_keyword_only,
        handwritten=(
            breaking(f"{CLIENT}.infer_on_video", "parameter `model_id` is keyword-only, was positional or keyword"),
        ),
        types="Too many positional arguments",
    ),
    Planted(
        "required parameter added",
        ours.add_required_parameter,
        handwritten=(breaking(f"{CLIENT}.pause_inference_pipeline", "parameter `reason` added (required)"),),
        types='Missing positional argument "reason"',
    ),
    Planted(
        "default changed",
        ours.change_default,
        handwritten=(changed(f"{EXT}.*Result.crops", "default of parameter `padding` 0 -> 4"),),
    ),
    Planted(
        "parameter type narrowed",
        ours.narrow_parameter_type,
        handwritten=(breaking(f"{EXT}.ResultTable.add", "parameter `image` no longer takes `int`"),),
        types='Argument 1 to "add" of "ResultTable" has incompatible type "int"',
    ),
    Planted(
        "result type widened",
        ours.widen_result_type,
        handwritten=(breaking(f"{CLIENT}.get_workflow_execution_engine_versions", "result may now be `None`"),),
        types='Expression is of type "list[str] | None", not "list[str]"',
    ),
    Planted(
        "became asynchronous",
        ours.make_asynchronous,
        handwritten=(breaking(f"{CLIENT}.unload_model", "became asynchronous"),),
        types='Expression is of type "Coroutine[Any, Any, RegisteredModels]"',
    ),
    Planted(
        "context manager removed",
        ours.remove_context_manager,
        handwritten=(breaking(f"{CLIENT}.use_model", "is no longer a context manager"),),
        types='has no attribute "__enter__"',
    ),
    Planted(
        "property became method",
        ours.turn_property_into_method,
        handwritten=(breaking(f"{CLIENT}.selected_model", "kind is function, was attribute"),),
        types='Expression is of type "Callable[[], str | None]"',
    ),
    Planted(
        "class removed",
        ours.remove_class,
        handwritten=(breaking(f"{EXT}.AnnotatedPicture", "class removed"),),
        types='has no attribute "AnnotatedPicture"',
    ),
    Planted(
        "base of error changed",
        ours.change_base_of_error,
        handwritten=(
            breaking(f"{EXT}.RequestTimeoutError", "is no longer a `inference_ext.HTTPServerConnectionError`"),
        ),
        types='expression has type "RequestTimeoutError", variable has type "HTTPServerConnectionError"',
    ),
    Planted(
        "attribute removed",
        ours.remove_attribute,
        handwritten=(
            breaking(f"{EXT}.ServerInfo.uuid", "attribute removed"),
            changed(f"{EXT}.ServerInfo.__init__", "parameter `uuid` removed"),
        ),
        types='"ServerInfo" has no attribute "uuid"',
    ),
    Planted(
        "attribute widened",
        ours.widen_attribute,
        handwritten=(breaking(f"{EXT}.ModelDescription.task_type", "value may now be `None`"),),
        types='Expression is of type "str | None", not "str"',
    ),
    Planted(
        "literal narrowed",
        ours.narrow_literal,
        handwritten=(breaking(f"{EXT}.client.core_models.depth.DepthMapFormat", "it no longer takes `'png8'`"),),
        types='No overload variant of "depth_estimation"',
    ),
    Planted(
        "overload removed",
        ours.remove_overload,
        handwritten=(breaking(f"{CLIENT}.get_clip_image_embeddings", "no overload for `(inference_input: Sequence["),),
        types='No overload variant of "get_clip_image_embeddings"',
    ),
    Planted(
        "re export dropped",
        ours.drop_re_export,
        handwritten=(breaking(f"{EXT}.http.entities.RegisteredModels", "class removed"),),
        types='does not explicitly export attribute "RegisteredModels"',
    ),
    Planted(
        "key became required",
        ours.require_key,
        handwritten=(breaking(f"{EXT}.ExampleBox", "key `negative` became required"),),
        types='Missing key "negative"',
    ),
    Planted(
        "required field added",
        ours.add_required_field,
        handwritten=(
            breaking(f"{EXT}.URLPolicy.__init__", "parameter `retries` added (required)"),
            added(f"{EXT}.URLPolicy.retries", "attribute added"),
        ),
        types='Missing named argument "retries"',
    ),
    Planted(
        "default removed",
        ours.remove_default,
        handwritten=(breaking(f"{EXT}.URLPolicy.__init__", "parameter `max_bytes` became required"),),
        types='Missing named argument "max_bytes"',
    ),
    Planted(
        "element added",
        ours.add_element,
        handwritten=(
            breaking(f"{EXT}.BlockTraceback", "has 6 elements, had 5"),
            breaking(f"{EXT}.BlockTraceback.__init__", "has another position"),
            added(f"{EXT}.BlockTraceback.__init__", "parameter `column` added"),
            added(f"{EXT}.BlockTraceback.column", "attribute added"),
        ),
        types="Too many values to unpack",
    ),
    Planted(
        "enumeration member removed",
        ours.remove_enumeration_member,
        handwritten=(breaking(f"{EXT}.VisualisationResponseFormat.PILLOW", "attribute removed"),),
        types='has no attribute "PILLOW"',
    ),
    Planted(
        "enumeration value changed",
        ours.change_enumeration_value,
        handwritten=(breaking(f"{EXT}.ApiKeyTransport.HEADER", "value 'header' -> 'bearer'"),),
    ),
    Planted(
        "optional parameter added",
        ours.add_optional_parameter,
        handwritten=(added(f"{CLIENT}.list_loaded_models", "parameter `refresh` added"),),
        additive=True,
    ),
    Planted(
        "method added",
        ours.add_method,
        handwritten=(added(f"{EXT}.RegisteredModels.ids", "function added"),),
        additive=True,
    ),
    Planted(
        "parameter type widened",
        ours.widen_parameter_type,
        handwritten=(added(f"{EXT}.URLPolicy.check_url", "parameter `url` also takes `bytes`"),),
        additive=True,
    ),
    Planted(
        "result type narrowed",
        ours.narrow_result_type,
        handwritten=(changed(f"{EXT}.RegisteredModels.find", "result is no longer `None`"),),
        additive=True,
    ),
    Planted(
        "enumeration member added",
        ours.add_enumeration_member,
        handwritten=(added(f"{EXT}.HTTPClientMode.V2", "attribute added"),),
        additive=True,
    ),
    Planted(
        "optional key added",
        ours.add_optional_key,
        handwritten=(added(f"{EXT}.ExampleImage.weight", "attribute added"),),
        additive=True,
    ),
    Planted(
        "class exported",
        ours.export_class,
        handwritten=(added(f"{EXT}.Size", "class added"),),
        additive=True,
    ),
    Planted(
        "literal widened",
        ours.widen_literal,
        handwritten=(added(f"{EXT}.{CLIP}.Kind", "it also takes `'video'`"),),
        additive=True,
    ),
)
