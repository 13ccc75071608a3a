"""One function for each act: who may, what is checked, what is stored, what is answered."""
