"""Finding messages; and what is done with all of them: exporting, deleting."""
