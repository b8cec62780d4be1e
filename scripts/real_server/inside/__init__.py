"""Code that runs inside the server's environment, which has the server, onnx and numpy."""
