"""Wrong calls: a type checker must report every line that is marked, and no other."""

from inference_ext import InferenceConfiguration, InferenceHTTPClient


def mistakes(client: InferenceHTTPClient) -> None:
    InferenceHTTPClient(9001)  # wrong: a number is no address
    InferenceHTTPClient("http://localhost:9001", key="K")  # wrong: the argument is called api_key
    InferenceConfiguration(confidence_threshold="high")  # wrong: not a number, "best" or "default"
    InferenceConfiguration(max_concurrent_requests="8")  # wrong: text for a number
    InferenceConfiguration(image_format="gif")  # wrong: jpeg or png
    InferenceConfiguration(confidense_threshold=0.5)  # wrong: misspelled
    client.configure({"confidence_threshold": 0.5})  # wrong: a dictionary is no configuration
    client.infer(3)  # wrong: a number is no image
    client.infer("a.jpg", model="p/1")  # wrong: the argument is called model_id
    client.infer([1, 2])  # wrong: numbers are no images
    client.infer("a.jpg").predictions  # wrong: infer gives a dictionary
    client.detect_objects("a.jpg").boxes  # wrong: no such field
    client.detect_objects("a.jpg", confidence="high")  # wrong: not a number, "best" or "default"
    client.detect_objects(["a.jpg"]).predictions  # wrong: a list gives a list
    client.detect_objects("a.jpg").predictions[0].x.upper()  # wrong: x is a number
    client.load_model()  # wrong: model_id is missing
    client.use_model("p/1").infer("a.jpg")  # wrong: a context manager is not the client
    client.infer_async("a.jpg")["predictions"]  # wrong: not awaited
    client.webrtc.stream("a.mp4")  # wrong: there are no WebRTC sessions
    InferenceConfiguration(0.5)  # wrong: settings have names
