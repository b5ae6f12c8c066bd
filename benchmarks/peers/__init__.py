"""Scripts for an environment with PyTorch, transformers and ONNX Runtime."""
