"""A web service that counts objects: one client for all requests, and failures as HTTP answers.

pip install starlette uvicorn
INFERENCE_URL=http://localhost:9001 MODEL=my-project/1 uvicorn asyncio_service:service
curl --data-binary @street.jpg http://localhost:8000/count
"""

import os
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inference_ext import (
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidInputFormatError,
)


@asynccontextmanager
async def with_client(service: Starlette) -> AsyncGenerator[None]:
    # One client: it keeps its connections open, and its window bounds what all requests of the service send together.
    async with InferenceHTTPClient(os.environ.get("INFERENCE_URL", "http://localhost:9001")) as client:
        client.configure(InferenceConfiguration(total_timeout=10, max_image_pixels=50_000_000))
        service.state.client = client
        yield


async def count(request: Request) -> Response:
    client: InferenceHTTPClient = request.app.state.client
    try:
        result = await client.detect_objects_async(await request.body(), model_id=os.environ["MODEL"], confidence=0.4)
    except InvalidInputFormatError as error:
        return JSONResponse({"error": str(error)}, status_code=415)
    except HTTPServerConnectionError:
        return JSONResponse({"error": "the inference server does not answer"}, status_code=503)
    return JSONResponse(Counter(box.class_ for box in result))


service = Starlette(routes=[Route("/count", count, methods=["POST"])], lifespan=with_client)
