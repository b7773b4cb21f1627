"""Networks in training: the worker thread of a browser session, what it publishes, and how many share the cores."""
