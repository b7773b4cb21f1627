"""The page “Sweeps”: the Lab's network trained with many values of two of its settings."""
