"""Judges a client: scenarios over a scripted reference, from what arrived on the wire and what the client reported."""
