"""The compiled, machine-minded part of the core."""
