"""What a user asks for: the options, where they are read, and which clauses and cases they select."""
