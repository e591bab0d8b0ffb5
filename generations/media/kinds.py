"""The renditions that are made of every clip; the waveform of one with sound alone."""

FILE_NAMES = {
    "poster": "poster.webp",
    "master": "master.mp4",
    "proxy": "proxy.mp4",
    "filmstrip": "filmstrip.webp",
    "waveform": "waveform.webp",
}
MAYBE = ("waveform",)
MARKED = ("master", "proxy")  # those that a mark can go into
CONTENT_TYPES = {".mp4": "video/mp4", ".webp": "image/webp"}
