"""How fast a training step is, beside PyTorch, JAX and NumPy: `make benchmark`."""
