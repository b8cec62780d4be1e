"""What a user gets: the wheel, installed elsewhere, as type checkers and editors see it."""
