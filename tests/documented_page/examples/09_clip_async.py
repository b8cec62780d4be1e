from inference_ext import InferenceHTTPClient

CLIENT = InferenceHTTPClient(
    api_url="http://localhost:9001", # or "https://infer.roboflow.com" to use hosted serving
    api_key="ROBOFLOW_API_KEY"
)

async def see_async_method():
    await CLIENT.get_clip_image_embeddings_async(inference_input="./my_image.jpg") # single image request
    await CLIENT.get_clip_image_embeddings_async(inference_input=["./my_image.jpg", "./other_image.jpg"]) # batch image request
    await CLIENT.get_clip_text_embeddings_async(text="some") # single text request
    await CLIENT.get_clip_text_embeddings_async(text=["some", "other"]) # other text request
    await CLIENT.clip_compare_async(
        subject="./my_image.jpg",
        prompt=["fox", "dog"],
    )
