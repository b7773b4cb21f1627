"""Benchmark of a training step beside PyTorch, JAX and NumPy: `make benchmark`."""
