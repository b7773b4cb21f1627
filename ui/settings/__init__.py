"""What a reader can set: the settings of a page, their controls, and how the address spells them."""
