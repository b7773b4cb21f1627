"""What is measured of a network: gradients, states, memory, and what they are held against."""
