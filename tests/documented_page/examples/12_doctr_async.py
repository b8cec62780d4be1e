from inference_ext import InferenceHTTPClient

CLIENT = InferenceHTTPClient(
    api_url="http://localhost:9001", # or "https://infer.roboflow.com" to use hosted serving
    api_key="ROBOFLOW_API_KEY"
)

async def see_async_method():
    await CLIENT.ocr_image(inference_input="./my_image.jpg") # single image request
