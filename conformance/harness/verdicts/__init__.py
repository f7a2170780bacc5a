"""What cases found out, made into verdicts: findings, their causes, and the exit status."""
