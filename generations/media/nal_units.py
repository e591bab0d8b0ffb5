"""What may not stand in the coded pictures of H.264 and HEVC, whoever decodes them.

A coder breaks up three bytes that look like the start of a unit (emulation prevention: ISO/IEC
14496-10, section 7.4.1, and 23008-2, section 7.4.2), so a hole of zeros gives itself away, which a
decoder takes for pictures.
"""

from collections.abc import Callable

FORBIDDEN = (b"\x00\x00\x00", b"\x00\x00\x01", b"\x00\x00\x02")
# Where a configuration record says in how many bytes a unit's length stands, less one
# (ISO/IEC 14496-15, AVCDecoderConfigurationRecord and HEVCDecoderConfigurationRecord).
LENGTH_BYTES_AT = {"h264": 4, "hevc": 21}


def unit_check(codec: str, configuration: bytes | None) -> Callable[[bytes], bool]:
    """Return what says of a sample of a video track whether its units are sound."""
    place = LENGTH_BYTES_AT.get(codec)
    if place is None or configuration is None or len(configuration) <= place:
        return lambda sample: True
    length_bytes = (configuration[place] & 3) + 1
    return lambda sample: _are_sound(sample, length_bytes)


def _are_sound(sample: bytes, length_bytes: int) -> bool:
    start = 0
    while start < len(sample):
        begin = start + length_bytes
        start = begin + int.from_bytes(sample[start:begin], "big")
        if begin >= start or start > len(sample):
            return False
        unit = sample[begin:start].rstrip(b"\x00")  # some coders pad
        if any(forbidden in unit for forbidden in FORBIDDEN):
            return False
    return True
