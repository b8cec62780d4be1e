"""What changed for callers between the last release and the present tree, read off the code of both."""
