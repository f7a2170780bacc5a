"""What is done before the first case: the user's mistakes, the first contact, and what there is to write with."""
