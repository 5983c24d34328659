"""Booking: hours in the time of the place, slots and series."""
