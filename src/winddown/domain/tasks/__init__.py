"""What a named person must do by a time: kinds, life, who is told next."""
