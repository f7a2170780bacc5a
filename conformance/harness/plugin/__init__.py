"""The pytest plugin: what the suite does with a session of pytest, from collecting to the end."""
