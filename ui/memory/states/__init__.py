"""The plane of the page “Memory”: where the states of a network lie, where they go, and where they come to rest."""
