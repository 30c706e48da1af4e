"""What is shown when the program itself is at fault, and what one can tell of that."""
