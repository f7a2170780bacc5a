"""Measures what a run takes; as ratios, because machines differ."""
