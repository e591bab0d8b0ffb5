"""`sketch-1`, the embedded video model: a server that speaks `/v1/videos`, and its renderer."""
