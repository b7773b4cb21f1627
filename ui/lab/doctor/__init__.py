"""The doctor of the Lab: what ails the training, from its measurements alone; silent where nothing does."""
