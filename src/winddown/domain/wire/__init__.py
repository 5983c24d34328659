"""Sans-I/O codecs of the devices' languages: bytes in, facts out. No socket, no clock, no storage."""
