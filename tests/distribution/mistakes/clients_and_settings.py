"""Wrong clients and settings."""

from dataclasses import replace

from inference_ext import ApiKeyTransport, InferenceConfiguration, InferenceHTTPClient, URLPolicy


def clients(client: InferenceHTTPClient) -> None:
    InferenceHTTPClient()  # wrong: the address is missing
    InferenceHTTPClient(9001)  # wrong: a number is no address
    InferenceHTTPClient("http://localhost:9001", key="K")  # wrong: the argument is called api_key
    InferenceHTTPClient("http://localhost:9001", api_key=b"K")  # wrong: bytes for text
    InferenceHTTPClient("http://localhost:9001", "K", URLPolicy())  # wrong: url_policy has a name
    InferenceHTTPClient.embedded("http://localhost:9001")  # wrong: an address is no application
    client.configure({"confidence_threshold": 0.5})  # wrong: a dictionary is no configuration
    client.configure(confidence_threshold=0.5)  # wrong: settings belong to a configuration
    client.select_model(1)  # wrong: a number is no model
    client.use_model("p/1").infer("a.jpg")  # wrong: a context manager is not the client
    client.selected_model = "p/1"  # wrong: read only
    client.webrtc.stream("a.mp4")  # wrong: there are no WebRTC sessions
    client.detect_object("a.jpg")  # wrong: misspelled
    client.api.get_info()  # wrong: operations are modules


async def asynchronous(client: InferenceHTTPClient) -> None:
    with client.aclose():  # wrong: a coroutine is no context manager
        pass
    await client.close()  # wrong: nothing to wait for


def settings(configuration: InferenceConfiguration) -> None:
    InferenceConfiguration(0.5)  # wrong: settings have names
    InferenceConfiguration(confidense_threshold=0.5)  # wrong: misspelled
    InferenceConfiguration(confidence_threshold="high")  # wrong: not a number, "best" or "default"
    InferenceConfiguration(max_concurrent_requests="8")  # wrong: text for a number
    InferenceConfiguration(max_concurrent_requests=None)  # wrong: None for a number
    InferenceConfiguration(max_batch_size=1.5)  # wrong: a fraction for a count
    InferenceConfiguration(image_format="gif")  # wrong: jpeg or png
    InferenceConfiguration(on_error="ignore")  # wrong: raise or return
    InferenceConfiguration(mask_decode_mode="exact")  # wrong: accurate, tradeoff or fast
    InferenceConfiguration(api_key_transport="cookie")  # wrong: legacy, header or both
    InferenceConfiguration(class_filter=[1, 2])  # wrong: classes have names
    InferenceConfiguration(profiling_directory=3)  # wrong: a number is no path
    configuration.max_retries = 3  # wrong: a configuration never changes
    configuration.timeout  # wrong: no such setting
    configuration.class_filter.append("cat")  # wrong: a tuple or None
    replace(configuration, "max_retries")  # wrong: changes have names
    ApiKeyTransport.COOKIE  # wrong: no such place


def addresses(policy: URLPolicy) -> None:
    URLPolicy(allow_url=False)  # wrong: the argument is called allow_urls
    URLPolicy(allowed_hosts=5)  # wrong: a number is no set of names
    policy.timeout = 5.0  # wrong: a policy never changes
    policy.check_address("localhost", "127.0.0.1")  # wrong: text is no address
