"""Floor 3: processes that hold sockets, and the emulated devices."""
