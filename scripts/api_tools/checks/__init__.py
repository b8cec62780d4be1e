"""The checks: each looks at one public object in both releases and tells one kind of change."""
