"""The staff's side of messages with patients, and of their sign-ins."""
