"""The page «Lab»: the network in training, with every step of a sequence laid open."""
