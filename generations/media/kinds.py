"""The renditions that are made of every clip."""

FILE_NAMES = {
    "master": "master.mp4",
    "proxy": "proxy.mp4",
    "poster": "poster.webp",
    "filmstrip": "filmstrip.webp",
}
CONTENT_TYPES = {".mp4": "video/mp4", ".webp": "image/webp"}
