"""The calls of core models: foundation models with routes of their own, described without I/O."""
