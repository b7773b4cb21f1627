"""The page “Language”: what a network says of sentences, how it writes, and what its loss is worth."""
