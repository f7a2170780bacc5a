"""What the target holds in the end, compared with what it was asked to make, and what shows only then."""
