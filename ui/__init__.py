"""The pages, a folder each, and the mechanisms that they share."""
