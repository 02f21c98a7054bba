"""Documents to observations: each module reads one kind of finding; the one door to spaCy."""
