"""What runs a transformer: torch or ONNX Runtime, on which device, at which precision."""
