"""Tables for people outside the program: research formats, open files, and the registry that practices may share. No Django."""
