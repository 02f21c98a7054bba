"""Running stages: what is pending, one committed unit of work after another, and the report of it."""
