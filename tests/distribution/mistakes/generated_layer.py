"""Wrong use of the generated layer."""

import inference_api
from inference_api import Client, api, models
from inference_api.api import server
from inference_api.api.infer import infer_object_detection
from inference_api.api.models_registry import start_model
from inference_api.api.server import get_info

IMAGE = models.InferenceRequestImage(type_="base64", value="...")


async def operations(client: Client, body: models.ObjectDetectionInferenceRequest) -> None:
    server.get_infos.sync(client=client)  # wrong: no such operation
    api.servers.get_info.sync(client=client)  # wrong: no such group
    inference_api.Clients  # wrong: no such name
    Client()  # wrong: the address is missing
    Client("http://localhost:9001", timeout="5")  # wrong: text for seconds
    get_info.sync(client)  # wrong: the client has a name
    get_info.sync()  # wrong: the client is missing
    get_info.sync(client="http://localhost:9001")  # wrong: an address is no client
    get_info.sync(client=client).versions  # wrong: no such field
    get_info.sync_detailed(client=client).version  # wrong: it is in parsed
    get_info.asyncio(client=client).version  # wrong: not awaited
    await get_info.sync(client=client)  # wrong: nothing to wait for
    infer_object_detection.sync(client=client)  # wrong: the body is missing
    infer_object_detection.sync(client=client, body={"model_id": "p/1"})  # wrong: a dictionary is no body
    infer_object_detection.sync(client=client, body=body).predictions  # wrong: it may be a list
    infer_object_detection.sync(client=client, body=body, api_key="K")  # wrong: the key is in the body
    start_model.sync("project", client=client)  # wrong: the version is missing
    start_model.sync("project", 1, client=client)  # wrong: a number for text


def models_of_the_server(prediction: models.ObjectDetectionPrediction) -> None:
    models.ObjectDetectionInferenceRequest(image=IMAGE)  # wrong: the model is missing
    models.ObjectDetectionInferenceRequest("p/1", IMAGE)  # wrong: fields have names
    models.ObjectDetectionInferenceRequest(model_id="p/1", image="a.jpg")  # wrong: text is no image
    models.InferenceRequestImage(value="a.jpg")  # wrong: the kind is missing
    models.ObjectDetectionPredictions  # wrong: misspelled
    prediction.score  # wrong: it is called confidence
    prediction.class_name  # wrong: it is called class_
    prediction.x.upper()  # wrong: x is a number
    prediction.tracker_id + 1  # wrong: it may be unset
