"""What to fetch next and what to leave out: plans requests, opens no socket."""
