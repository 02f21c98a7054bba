"""What this project costs beside its peers and what it withstands: measurements too long for the test suite."""
