"""What this project costs beside a naive pipeline and its peers: `make bench`."""
