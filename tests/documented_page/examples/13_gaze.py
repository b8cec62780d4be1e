from inference_ext import InferenceHTTPClient

CLIENT = InferenceHTTPClient(
    api_url="http://localhost:9001", # only local hosting supported
    api_key="ROBOFLOW_API_KEY"
)

CLIENT.detect_gazes(inference_input="./my_image.jpg") # single image request
CLIENT.detect_gazes(inference_input=["./my_image.jpg", "./other_image.jpg"]) # batch image request
