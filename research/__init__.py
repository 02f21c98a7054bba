"""A library of capabilities for account research: pure stages over frozen values, and one store between them."""
