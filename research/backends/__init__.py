"""Models that word sections: what they are asked, and who asks them; their answers are checked in `draft`."""
