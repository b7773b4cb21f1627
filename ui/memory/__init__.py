"""The page “Memory”: what each unit remembers of a text, which units mean something, what happens if one is changed."""
