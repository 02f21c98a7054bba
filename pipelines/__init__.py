"""What a person runs: thin compositions of the stages in `research`."""
