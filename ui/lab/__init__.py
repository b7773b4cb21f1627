"""The page “Lab”: the network in training, and every step of a sequence."""
