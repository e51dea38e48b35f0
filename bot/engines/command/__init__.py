"""Engine `command`: a program of the user's translates, over its standard input and output."""
