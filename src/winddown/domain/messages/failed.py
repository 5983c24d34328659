"""What staff are told of a message that was given up."""

CALL_INSTEAD = "A message that somebody waits for could not be delivered. Call instead, and check the number or address."
CHECK_ADDRESS = "A message could not be delivered. Check the number or address with the patient."
SENTENCES = (CALL_INSTEAD, CHECK_ADDRESS)
