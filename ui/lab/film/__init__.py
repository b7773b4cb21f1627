"""A film of a training: one HTML file with a slider, which opens without a server."""
