"""The page “Shapes”: one network for each shape of sequence, each with a file of its own (`registry.py` lists "
"them)."""
