"""Whether two texts say the same: wording, names, polarity and nearness of vectors, each measured on labelled pairs."""
