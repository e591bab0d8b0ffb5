"""Static files under names that change with what is in them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names what modules import so too: no page mixes an old part of a script with a new one."""

    support_js_module_import_aggregation = True
