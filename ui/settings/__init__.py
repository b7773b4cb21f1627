"""Settings of a page, their controls, and how the address spells them."""
