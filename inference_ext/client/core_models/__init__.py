"""The methods for core models, one module per family."""
