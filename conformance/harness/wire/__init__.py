"""Sends and records: who is spoken to, what was sent and what came back. It judges nothing."""
