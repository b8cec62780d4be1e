"""From what the server answered to what the caller gets: coordinates, pictures, typed results."""
