"""What the conformance tests stand on, in rooms.

From above to below, each may import those after it: plugin, driving, run, preparation, audit and verdicts, case, settings,
judge, wire.
"""
