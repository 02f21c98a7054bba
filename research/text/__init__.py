"""Pure functions over strings: hashing, offsets, addresses, numbers, dates and names."""
