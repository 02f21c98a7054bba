"""The one door to the network, to captured traffic and to files that stand in for it."""
