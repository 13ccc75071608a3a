"""Who and what is known, in dated versions, and who confirmed which account."""
