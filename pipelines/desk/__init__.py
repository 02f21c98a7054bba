"""The analysts' desk: a web app that is served to this machine only."""
