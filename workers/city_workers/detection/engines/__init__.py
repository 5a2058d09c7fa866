"""How the network is run: with torch, on a graphics card where there is one, or as ONNX on the processor."""
