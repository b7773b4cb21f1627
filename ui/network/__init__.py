"""The network of the Lab that several pages show: its settings and controls, its texts and tasks, its experiments."""
