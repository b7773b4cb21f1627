"""A network that the reader trained in PyTorch, opened in the Lab."""
