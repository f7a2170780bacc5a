"""One run in one process: it starts, gives each case its tools, and ends with a result."""
