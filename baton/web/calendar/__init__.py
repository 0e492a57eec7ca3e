"""One's own calendar program: the private feed of duties and meetings."""
