"""The page “Gradients”: how far gradients reach through time, why, and what changes it."""
