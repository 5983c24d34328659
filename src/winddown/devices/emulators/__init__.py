"""Emulated devices: separate processes that talk HL7 to the listener exactly as a monitor or a pump does, and never anything else.

`python -m winddown.devices.emulators --help`, or `winddown emulate --help`.
"""
