"""A class without accounts: its teacher leads everybody through a lesson, and guesses come together in a histogram."""
