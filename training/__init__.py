"""Scripts that train what is committed, from committed labels and a seed. Nothing here is imported at run time."""
