"""Every door for people: the command line, paper, exports, and the words they share."""
