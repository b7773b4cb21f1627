"""The page in a real browser, and many visitors at once: the parts of benchmarks/ui.py."""
