"""What people decide, as an algebra over findings and sections; pure."""
