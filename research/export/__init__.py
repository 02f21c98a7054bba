"""A brief to bytes, and bytes to files."""
