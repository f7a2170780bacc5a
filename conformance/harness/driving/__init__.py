"""What takes several requests that depend on each other: histories, packs of values, narrowing, exploration."""
