"""Changes of the handwritten package, as somebody would make them without thinking of callers."""

from __future__ import annotations

from planted_copies import SourceCopy

CLIP = "client/core_models/clip.py"
SERVER_CONTROL = "client/server_control.py"


def remove_parameter(copy: SourceCopy) -> None:
    old = "def get_model_description(self, model_id: str, allow_loading: bool = True)"
    copy.replace(SERVER_CONTROL, old, "def get_model_description(self, model_id: str)")


def rename_parameter(copy: SourceCopy) -> None:
    old = "def load_model(self, model_id: str, set_as_default: bool = False)"
    copy.replace(SERVER_CONTROL, old, "def load_model(self, model_id: str, make_default: bool = False)")


def reorder_parameters(copy: SourceCopy) -> None:
    old = "result: Mapping[str, Any] | Dumps, image: ImageInput, *,"
    copy.replace("results/drawing.py", old, "image: ImageInput, result: Mapping[str, Any] | Dumps, *,")


def make_keyword_only(copy: SourceCopy) -> None:
    old = "def infer_on_video(\n        self, video_reference: VideoReference, model_id: str | None = None, *, "
    new = "def infer_on_video(\n        self, video_reference: VideoReference, *, model_id: str | None = None, "
    copy.replace("client/video_clips.py", old, new)


def add_required_parameter(copy: SourceCopy) -> None:
    old = "def pause_inference_pipeline(self, pipeline_id: str)"
    copy.replace("client/pipelines.py", old, "def pause_inference_pipeline(self, pipeline_id: str, reason: str)")


def change_default(copy: SourceCopy) -> None:
    copy.replace("results/result_methods.py", "*, padding: int = 0", "*, padding: int = 4")


def narrow_parameter_type(copy: SourceCopy) -> None:
    old = "def add(self, image: str | os.PathLike[str] | int,"
    copy.replace("results/csv_table.py", old, "def add(self, image: str | os.PathLike[str],")


def widen_result_type(copy: SourceCopy) -> None:
    old = "def get_workflow_execution_engine_versions(self) -> list[str]:"
    copy.replace("client/workflow_discovery.py", old, old.replace("list[str]", "list[str] | None"))


def make_asynchronous(copy: SourceCopy) -> None:
    copy.replace(SERVER_CONTROL, "    def unload_model(", "    async def unload_model(")


def remove_context_manager(copy: SourceCopy) -> None:
    copy.replace("client/configuring.py", "@contextmanager\n    def use_model", "def use_model")


def turn_property_into_method(copy: SourceCopy) -> None:
    copy.replace("client/configuring.py", "@property\n    def selected_model", "def selected_model")


def remove_class(copy: SourceCopy) -> None:
    copy.replace("__init__.py", "    from .results.annotated_picture import AnnotatedPicture as AnnotatedPicture\n", "")
    copy.replace("__init__.py", '    ".results.annotated_picture": ("AnnotatedPicture",),\n', "")
    copy.replace("__init__.py", '    "AnnotatedPicture",\n', "")


def change_base_of_error(copy: SourceCopy) -> None:
    old = "class RequestTimeoutError(HTTPServerConnectionError, TimeoutError)"
    copy.replace("errors.py", old, "class RequestTimeoutError(HTTPClientError, TimeoutError)")


def remove_attribute(copy: SourceCopy) -> None:
    copy.replace("operations/model_registry.py", "    uuid: str\n", "")


def widen_attribute(copy: SourceCopy) -> None:
    copy.replace("operations/model_registry.py", "    task_type: str\n", "    task_type: str | None\n")


def narrow_literal(copy: SourceCopy) -> None:
    copy.replace("client/core_models/depth.py", 'Literal["json", "png16", "png8"]', 'Literal["json", "png16"]')


def remove_overload(copy: SourceCopy) -> None:
    old = """    @overload
    def get_clip_image_embeddings(
        self, inference_input: Sequence[ImageInput], clip_version: str | None = None
    ) -> list[dict[str, Any]]: ...
"""
    copy.replace(CLIP, old, "")


def drop_re_export(copy: SourceCopy) -> None:
    copy.replace("http/entities.py", '    "RegisteredModels",\n', "")


def require_key(copy: SourceCopy) -> None:
    copy.replace("operations/core_models/open_vocabulary.py", "negative: NotRequired[bool]", "negative: bool")


def add_required_field(copy: SourceCopy) -> None:
    copy.replace(
        "images/url_policy.py", "    max_redirects: int = 5\n", "    max_redirects: int = 5\n    retries: int\n"
    )


def remove_default(copy: SourceCopy) -> None:
    copy.replace("images/url_policy.py", "    max_bytes: int = 100_000_000\n", "    max_bytes: int\n")


def add_element(copy: SourceCopy) -> None:
    old = "    error_line: int | None = None\n"
    copy.replace("workflow_block_errors.py", old, f"{old}    column: int | None = None\n")


def remove_enumeration_member(copy: SourceCopy) -> None:
    copy.replace("configuration/inference_configuration.py", '    PILLOW = "pillow"\n', "")


def change_enumeration_value(copy: SourceCopy) -> None:
    copy.replace("configuration/inference_configuration.py", 'HEADER = "header"', 'HEADER = "bearer"')


def add_optional_parameter(copy: SourceCopy) -> None:
    old = "def list_loaded_models(self)"
    copy.replace(SERVER_CONTROL, old, "def list_loaded_models(self, refresh: bool = False)")


def add_method(copy: SourceCopy) -> None:
    old = "    def find(self, model_id: str) -> ModelDescription | None:"
    new = "    def ids(self) -> list[str]:\n        return [model.model_id for model in self.models]\n\n"
    copy.replace("operations/model_registry.py", old, new + old)


def widen_parameter_type(copy: SourceCopy) -> None:
    copy.replace("images/url_policy.py", "def check_url(self, url: str)", "def check_url(self, url: str | bytes)")


def narrow_result_type(copy: SourceCopy) -> None:
    old = "def find(self, model_id: str) -> ModelDescription | None:"
    copy.replace("operations/model_registry.py", old, "def find(self, model_id: str) -> ModelDescription:")


def add_enumeration_member(copy: SourceCopy) -> None:
    copy.replace("configuration/mode.py", '    V1 = "v1"\n', '    V1 = "v1"\n    V2 = "v2"\n')


def add_optional_key(copy: SourceCopy) -> None:
    old = "    boxes: Sequence[ExampleBox]\n"
    copy.replace("operations/core_models/open_vocabulary.py", old, f"{old}    weight: NotRequired[float]\n")


def export_class(copy: SourceCopy) -> None:
    old = "    from .images import URLPolicy as URLPolicy\n"
    copy.replace("__init__.py", old, f"{old}    from .images.downsizing import Size as Size\n")
    copy.replace("__init__.py", '    "URLPolicy",\n', '    "Size",\n    "URLPolicy",\n')


def widen_literal(copy: SourceCopy) -> None:
    copy.replace(CLIP, 'Kind = Literal["image", "text"]', 'Kind = Literal["image", "text", "video"]')
