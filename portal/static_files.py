"""Static files under names that change with what is in them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = r"""(?P<matched>from "(?P<url>\./[^"]+)")"""


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names what our modules import so too: no page mixes an old part of a script with a new one.

    Django can do it for every script, but then stumbles over the examples in comments of others'.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("portal/js/*.js", ((IMPORT, 'from "%(url)s"'),)),
    )
