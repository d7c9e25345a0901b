"""What changed in the tables, one file each in ``versions/``, applied in order; written by hand, never edited later."""
