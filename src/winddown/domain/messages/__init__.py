"""What may leave the house: kinds of message, their words, when they are tried again."""
