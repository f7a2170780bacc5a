"""One run: what is asked for, what is found out first, the cases, the audit and the verdicts."""
