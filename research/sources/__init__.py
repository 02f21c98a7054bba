"""Source kinds: what each public register, board or archive is asked, and what its answers say; opens no socket."""
