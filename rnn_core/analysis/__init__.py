"""Measurements of a network: gradients, states, memory, and the baselines that they are compared with."""
