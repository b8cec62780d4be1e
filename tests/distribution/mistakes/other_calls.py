"""Wrong calls of core models, workflows, pipelines and the server's controls."""

import inference_ext
from inference_ext import (
    HTTPCallErrorError,
    InferenceHTTPClient,
    RegisteredModels,
    ServerInfo,
    WorkflowInterface,
    WorkflowOutputs,
)


def core_models(client: InferenceHTTPClient) -> None:
    client.clip_compare("a.jpg", "a cat", subject_type="picture")  # wrong: image or text
    client.clip_compare("a.jpg")  # wrong: the prompt is missing
    client.get_clip_text_embeddings(5)  # wrong: a number is no text
    client.get_image_embeddings("a.jpg")  # wrong: the model is missing
    client.get_image_embeddings("a.jpg", "p/1", output_type="vector")  # wrong: feature_vector or logits
    client.ocr_image("a.jpg", model="tesseract")  # wrong: no such model
    client.depth_estimation("a.jpg", depth_map_format="tiff")  # wrong: json, png16 or png8
    client.infer_from_yolo_world("a.jpg", class_names=5)  # wrong: a number is no list of names
    client.infer_from_yolo_world("a.jpg", ["cat"])["predictions"]  # wrong: always a list
    client.infer_from_owlv2("a.jpg", [{"image": "b.jpg"}])  # wrong: the boxes are missing
    client.infer_from_owlv2("a.jpg", [{"image": "b.jpg", "boxes": [{"x": 1, "y": 1}]}])  # wrong: half a box
    client.infer_lmm("a.jpg", prompt="What?")  # wrong: the model is missing
    client.sam_embed_image("a.jpg", format="binary")["image_id"]  # wrong: binary gives bytes
    client.sam2_segment_image("a.jpg", mask_input_format="png")  # wrong: json, rle or binary
    client.sam2_segment_image(["a.jpg"], mask_input_format="binary").decode()  # wrong: a list gives a list
    client.sam3_concept_segment("a.jpg")  # wrong: the prompts are missing
    client.prompt_cogvlm("a.jpg", "What?", chat_history=["What?", "A cat."])  # wrong: pairs
    client.detect_gazes("a.jpg", model_id="gaze")  # wrong: there is one model


def workflows(client: InferenceHTTPClient, outputs: WorkflowOutputs, interface: WorkflowInterface) -> None:
    client.run_workflow("workspace", workflow_name="f")  # wrong: the argument is called workflow_id
    client.infer_from_workflow("workspace", workflow_id="f")  # wrong: it is called workflow_name there
    client.run_workflow("workspace", "f", images="a.jpg")  # wrong: images have names
    client.run_workflow("workspace", "f", images=["a.jpg"])  # wrong: images have names
    client.run_workflow("workspace", "f", parameters=[1])  # wrong: parameters have names
    client.run_workflow("workspace", "f").outputs  # wrong: the outputs are the list
    client.run_workflow("workspace", "f")["picture"]  # wrong: one dictionary for each image
    client.validate_workflow("workspace/f")  # wrong: the definition, not a name
    outputs.trace_file.read_text()  # wrong: there may be no trace
    interface.input  # wrong: misspelled


def pipelines(client: InferenceHTTPClient) -> None:
    client.start_inference_pipeline_with_workflow("a.mp4", "workspace/f")  # wrong: the definition, not a name
    client.start_inference_pipeline_with_workflow(1.5)  # wrong: no address and no number
    client.start_inference_pipeline_with_workflow(0, source_buffer_filling_strategy="DROP")  # wrong: no such choice
    client.start_inference_pipeline_with_workflow(0, max_fps="10")  # wrong: text for a number
    client.get_inference_pipeline_status()  # wrong: which one
    client.pause_inference_pipeline(5)  # wrong: ids are texts
    client.list_inference_pipelines().pipelines  # wrong: a dictionary


def controls(client: InferenceHTTPClient, models: RegisteredModels, info: ServerInfo) -> None:
    client.load_model()  # wrong: model_id is missing
    client.load_model("p/1", default=True)  # wrong: the argument is called set_as_default
    client.unload_model(["p/1"])  # wrong: one at a time
    client.get_model_description("p/1").task  # wrong: it is called task_type
    models.find("p/1").task_type  # wrong: it may not be loaded
    models["p/1"]  # wrong: find, or models
    info.version.major  # wrong: a text
    info.name = "mine"  # wrong: read only


def errors(error: HTTPCallErrorError) -> None:
    inference_ext.WrongModelError  # wrong: no such name
    error.status  # wrong: it is called status_code
    error.api_message.upper()  # wrong: it may be None
    error.blocks_errors[0].block_name  # wrong: it is called block_id
    HTTPCallErrorError("no")  # wrong: the status is missing
