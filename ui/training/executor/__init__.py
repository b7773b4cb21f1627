"""Trials of sweeps: the one executor of the Arena's sweeps, of the published results and of `make reproduce`."""
