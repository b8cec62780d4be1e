"""The module paths of inference-sdk: `inference_sdk.http.client`, `.entities` and `.errors` are read with our name.

Programs import from there as often as from the package itself. Nothing lives here; new code imports from
`inference_ext`, where every one of these names is.
"""
