"""One SQLite file in the home folder: everything that stands between two stages, and everything that people decide."""
