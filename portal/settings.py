"""Greenroom's settings, read top to bottom. Every value comes from a GREENROOM_… variable."""

import hashlib
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.environment import (
    Environment,
    derived_webhook_secret,
    is_loopback,
    kept_secret,
    own_address,
)
from portal.openapi import words
from portal.queues import DEFAULT_QUEUE, QUEUES, declarations, nudge_lives_seconds, on_schedule

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# --- What kind of site this is -----------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # sample people, one-click sign-in: never on a real site
PROGRAMME_NAME = env.str("PROGRAMME_NAME", default="Greenroom")
HOME = env.folder("HOME", default=BASE_DIR / ".greenroom")
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
LOCAL_URL = f"http://{own_address(HOST)}:{PORT}"  # how this machine reaches web, past any proxy
SKETCH_PORT = env.int("SKETCH_PORT", default=8100)
SKETCH_URL = f"http://127.0.0.1:{SKETCH_PORT}/v1"
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://localhost:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
HTTPS = PUBLIC_URL.startswith("https://")
public_host = urlsplit(PUBLIC_URL).hostname
if not public_host or not PUBLIC_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured(
        "set GREENROOM_PUBLIC_URL to the https:// (or http://) address that people open."
    )
if DEMO and (HTTPS or not is_loopback(HOST)):
    raise ImproperlyConfigured(
        "a demo signs anybody in with a click: unset GREENROOM_DEMO, or set GREENROOM_HOST to "
        "127.0.0.1 and GREENROOM_PUBLIC_URL to an http:// address."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", public_host])
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY and (DEBUG or DEMO):
    SECRET_KEY = kept_secret(HOME / "secret_key")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "set GREENROOM_SECRET_KEY to a long random text (GREENROOM_DEMO=1 makes one for a demo)."
    )

# --- The house ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal",
    "artists",
    "generations",
    "artists.access.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django_htmx",
    "heroicons",
]

MIDDLEWARE = [
    "portal.origin.OriginMiddleware",
    "portal.api.ApiMiddleware",
    "portal.middleware.PrivatePagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "artists.accounts.middleware.SessionSeenMiddleware",
    "artists.accounts.middleware.TimeZoneMiddleware",
    "portal.middleware.PortalErrorMiddleware",
    "artists.terms.guards.TermsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # e-mail is unique by a constraint on its lower case
    "security.W005",  # HSTS for the programme's own host: its subdomains are not ours to decide on
    "security.W021",  # and a place in the browsers' preload lists wants those subdomains
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "heroicons.templatetags.heroicons",
                "django_htmx.templatetags.django_htmx",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.programme",
                "generations.pauses.guard.banner",
            ],
        },
    },
]

if DEMO:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("artists.accounts.demo.demo_roles")

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")  # a day and a month of a quota begin here

# --- Database, cache, broker, files: embedded by default, servers by address -------------------

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{HOME / 'db.sqlite3'}")
if not DATABASE_URL.startswith(("sqlite:///", "postgres://", "postgresql://")):
    raise ImproperlyConfigured(
        "GREENROOM_DATABASE_URL must begin with postgres:// (or sqlite:/// for one machine)."
    )
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "portal.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    if not DATABASES["default"]["NAME"]:
        raise ImproperlyConfigured("GREENROOM_DATABASE_URL names no database after the host.")
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # What portal/prepared.py asks for the fifth time, the server plans no more.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("prepare_threshold", 5)
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds; to open SQLite anew costs 2 ms a request

CACHE_URL = env.str("CACHE_URL", default="")
CACHES: dict[str, dict[str, Any]]
if CACHE_URL:
    CACHES = {
        "default": {
            "BACKEND": "portal.cache.ForgetfulRedisCache",
            "LOCATION": CACHE_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},  # seconds
        }
    }
    CACHES["memory"] = CACHES["default"]
else:
    CACHES = {
        # Files are slow, and cannot add without losing a count. Here web is one process.
        "memory": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "memory",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        },
        "default": {
            "BACKEND": "portal.cache.ExactFileCache",
            "LOCATION": HOME / "cache",
            # A full one drops a random third, and with it who tried to sign in how often.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        },
    }

BROKER_FOLDER = HOME / "broker"
CELERY_BROKER_URL = env.str("BROKER_URL", default="folder://")
CELERY_BROKER_CONNECTION_TIMEOUT = 2  # seconds; who creates a prompt may wait for it
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
BROKER_KIND = CELERY_BROKER_URL.partition("://")[0]
match BROKER_KIND:
    case "folder":
        BROKER_FOLDER.mkdir(parents=True, exist_ok=True)
        CELERY_BROKER_TRANSPORT_OPTIONS = {
            "data_folder_in": str(BROKER_FOLDER),
            "data_folder_out": str(BROKER_FOLDER),
            "polling_interval": 0.1,
        }
    case "redis" | "rediss":
        # What a killed worker held comes again after an hour; the sweep does not wait for it.
        CELERY_BROKER_TRANSPORT_OPTIONS = {
            "socket_connect_timeout": CELERY_BROKER_CONNECTION_TIMEOUT,
            "socket_timeout": 3,  # above the second for which a worker waits for a message
            "socket_keepalive": True,
        }
    case "amqp" | "amqps":
        CELERY_BROKER_TRANSPORT_OPTIONS = {"write_timeout": 5}
    case _:
        raise ImproperlyConfigured(
            "GREENROOM_BROKER_URL must begin with redis:// or amqp:// (folder:// is the default)."
        )

FILES = env.files("MEDIA", default=HOME / "media")  # many machines share a folder or a bucket
STORAGES = {
    "default": FILES,
    "staticfiles": {"BACKEND": "portal.static_files.StaticFiles"},
}
# Who sends a file that Greenroom gives leave for: itself, nginx from its internal location of
# MEDIA, or S3 at an address that is signed for so many seconds.
DELIVERY = env.str("DELIVERY", default="application").rstrip("/")
SIGNED_SECONDS = env.number("SIGNED_SECONDS", default=60, least=1, most=3600)
if DELIVERY not in ("application", "signed") and not DELIVERY.startswith("/"):
    raise ImproperlyConfigured(
        "GREENROOM_DELIVERY must be application, an internal location of nginx as /private, or "
        "signed."
    )
if DELIVERY.startswith("/") and "bucket_name" in FILES["OPTIONS"]:
    raise ImproperlyConfigured("GREENROOM_DELIVERY by nginx is of a folder, not of files on S3.")
if DELIVERY == "signed" and not FILES["OPTIONS"].get("endpoint_url"):
    raise ImproperlyConfigured(
        "GREENROOM_DELIVERY by signed addresses wants files on S3, and in GREENROOM_S3_ENDPOINT "
        "the address at which browsers reach it."
    )
SCRATCH = HOME / "scratch"
# In which every file is read again.
FILES_REREAD_DAYS = env.number("FILES_REREAD_DAYS", default=30, least=1, most=3650, unit="days")
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"

# --- Between browsers and web ------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # asked on this machine, past the proxy
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # rate limits count the addresses of people, not the proxy's
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"  # not among others' files: what is left there is ours
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)

MEDIA_ORIGINS = [FILES["OPTIONS"]["endpoint_url"]] if DELIVERY == "signed" else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, *MEDIA_ORIGINS],
        "media-src": [SELF, *MEDIA_ORIGINS],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Background work ---------------------------------------------------------------------------

CELERY_TASK_QUEUES = declarations(on_rabbitmq=BROKER_KIND in ("amqp", "amqps"))
CELERY_TASK_ROUTES = {
    f"generations.tasks.{name}": {"queue": queue}
    for queue, names in {
        "dispatch": ("dispatch", "sweep"),
        "submit": ("submit", "stop"),
        "poll": ("poll", "look_for_unknown"),
        "fetch": ("fetch",),
        "media": ("finish", "know_copy", "check_frames"),
    }.items()
    for name in names
}
CELERY_TASK_DEFAULT_QUEUE = DEFAULT_QUEUE  # letters, tidying and what has no queue of its own
CELERY_TASK_CREATE_MISSING_QUEUES = False  # a misspelt queue is an error, not one nobody serves
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # who reaches the broker commands nobody
CELERY_TIMEZONE = "UTC"
LEASE_SECONDS = env.int("LEASE_SECONDS", default=20)  # how long a dead worker's claim still holds
LEDGER_CHECK_SECONDS = env.int("LEDGER_CHECK_SECONDS", default=3600)
if LEDGER_CHECK_SECONDS < 60:
    raise ImproperlyConfigured(
        "GREENROOM_LEDGER_CHECK_SECONDS must be 60 or more: each check reads the whole ledger."
    )
PULSE_SECONDS = 10.0
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    **on_schedule(
        "generations.tasks",
        {
            "dispatch": 2.0,
            "poll": 1.0,
            "send_webhooks": 2.0,
            "check_due_frames": 15.0,
            "look_for_unknown": 5.0,
            "enact_opinions": 2.0,
            "expire_claims": 30.0,
            "fold_tallies": 10.0,
            "tell_untold": 60.0,
            "escalate": 300.0,
            "pass_dates": 60.0,
            "count_review_months": 900.0,
            "know_copies": 60.0,
            "watch_certificates": 3600.0,
            "make_archives": 2.0,
            "erase_departed": 600.0,
            "tidy": 3600.0,
            "announce_removals": 3600.0,
            "remove_drafts": 3600.0,
            "check_files": 1800.0,  # which does so once a day
            "sweep": max(LEASE_SECONDS / 4, 1.0),
        },
    ),
    **on_schedule(
        "artists.tasks",
        {
            "check_ledger": LEDGER_CHECK_SECONDS,
            "follow_raises": 30,
            "send_owed_receipts": 60,
            "send_left_behind": 60,
            "announce_terms": 300,
            "tell_dead_uses": 60,
            "tidy_dead_uses": 86_400,
            "tidy_programs": 86_400,
            "tidy_sessions": 3600,
        },
    ),
    **{
        f"pulse of {queue}": {
            "task": "portal.tasks.pulse",
            "args": [queue],
            "schedule": PULSE_SECONDS,
            "options": {"queue": queue, "expires": nudge_lives_seconds(PULSE_SECONDS)},
        }
        for queue in QUEUES
    },
}

# --- Providers: their credentials live in the environment and nowhere else ---------------------

PROVIDER_APIS = {  # the code of each API that a provider may speak
    "openai_videos": "generations.providers.openai_videos.OpenAIVideos",
    "openai_videos:sglang": "generations.providers.openai_videos.SGLang",
    "openai_videos:vllm_omni": "generations.providers.openai_videos.VLLMOmni",
    "openai_videos:litellm": "generations.providers.openai_videos.LiteLLM",
    "runway": "generations.providers.runway.Runway",
    "fal": "generations.providers.fal.Fal",
}
# Of the embedded one nobody sets an address or a credential: it reads the same settings.
sketch_defaults = {
    "url": SKETCH_URL,
    "key": hashlib.sha256(f"sketch|{SECRET_KEY}".encode()).hexdigest(),
    "webhook_secret": derived_webhook_secret(f"sketch callbacks|{SECRET_KEY}"),
}
PROVIDERS = {
    name: env.provider(
        name, apis=PROVIDER_APIS, defaults=sketch_defaults if name == "sketch" else {}
    )
    for name in env.list("PROVIDERS", default=["sketch"])
}
PROVIDER_TIMEOUT_SECONDS = env.float("PROVIDER_TIMEOUT_SECONDS", default=30.0)
OUTPUT_NETWORKS = env.networks("OUTPUT_NETWORKS")  # not public, and finished videos lie there
RENDER_MAX_BYTES = env.int("RENDER_MAX_BYTES", default=500_000_000)
QUEUE_DEADLINE_SECONDS = env.int("QUEUE_DEADLINE_SECONDS", default=86_400)
RENDER_DEADLINE_SECONDS = env.int("RENDER_DEADLINE_SECONDS", default=3600)
FETCH_DEADLINE_SECONDS = env.int("FETCH_DEADLINE_SECONDS", default=900)
UNKNOWN_DEADLINE_SECONDS = env.int("UNKNOWN_DEADLINE_SECONDS", default=900)
FIRST_IMAGE_MAX_BYTES = env.int("FIRST_IMAGE_MAX_BYTES", default=15_000_000)
# A request: an image within its limit as base64 text in JSON, the longest prompt, and the rest.
BODY_MAX_BYTES = FIRST_IMAGE_MAX_BYTES * 4 // 3 + 1_000_000

# --- Checks: a server that speaks /v1/moderations, where there is one --------------------------

MODERATION = {  # no address: no such check
    "url": env.address("MODERATION_URL").rstrip("/"),
    "key": env.key("MODERATION_KEY"),
    "model": env.str("MODERATION_MODEL", default="omni-moderation-latest"),
}

# --- Money and the ledger ----------------------------------------------------------------------

CURRENCY = env.str("CURRENCY", default="USD")  # of provider prices and of the programme's budget
if not re.fullmatch(r"[A-Z]{3}", CURRENCY):
    raise ImproperlyConfigured(
        "GREENROOM_CURRENCY must be three capital letters (ISO 4217), for instance EUR."
    )

# --- The visible mark --------------------------------------------------------------------------

MARK_STYLES = ("none", "corner", "moving")
MARKS = {  # of each copy that may carry one; generations/media/marking.py knows what they say
    "master": env.one_of("MARK", default="none", among=MARK_STYLES),
    "proxy": env.one_of("DRAFT_MARK", default="corner", among=MARK_STYLES),
}

# --- Reviews -----------------------------------------------------------------------------------

# Of the first promise; see /promise/.
REVIEW_DAYS = env.number("REVIEW_DAYS", default=2, least=1, most=60, unit="working days")
CLAIM_MINUTES = env.int("CLAIM_MINUTES", default=15)
UNDO_SECONDS = env.int("UNDO_SECONDS", default=10)  # how long a reviewer may undo a decision
# So many of a hundred submissions are decided by two people, neither knowing of the other.
SECOND_LOOK_PERCENT = env.number("SECOND_LOOK_PERCENT", default=0, least=0, most=100)
# How long artists may appeal against a refusal.
APPEAL_DAYS = env.number("APPEAL_DAYS", default=30, least=1, most=3650, unit="days")

# --- Drafts ------------------------------------------------------------------------------------

# Finished clips that were never submitted and that nobody keeps go after so many days; 0: never.
DRAFT_DAYS = env.int("DRAFT_DAYS", default=0)
# Their artist has a letter before.
DRAFT_NOTICE_DAYS = env.number("DRAFT_NOTICE_DAYS", default=14, least=1, most=365, unit="days")
if DRAFT_DAYS and not DRAFT_NOTICE_DAYS <= DRAFT_DAYS <= 3650:
    raise ImproperlyConfigured(
        "GREENROOM_DRAFT_DAYS must be 0 or up to 3650 days, and not less than "
        "GREENROOM_DRAFT_NOTICE_DAYS."
    )

# --- Content Credentials -----------------------------------------------------------------------

C2PA_FOLDER = HOME / "credentials"  # the development chain, where none is given
C2PA_CHAIN = env.str("C2PA_CHAIN", default="")  # a file: the signing certificate first, root last
C2PA_KEY = env.str("C2PA_KEY", default="")  # a file: its private key
C2PA_SIGNER = env.str("C2PA_SIGNER", default="")  # or a command that signs what it reads
C2PA_OLD_ROOTS = env.str("C2PA_OLD_ROOTS", default="")  # a file: roots of certificates of before
if C2PA_CHAIN and bool(C2PA_KEY) == bool(C2PA_SIGNER):
    raise ImproperlyConfigured(
        "with GREENROOM_C2PA_CHAIN set one of GREENROOM_C2PA_KEY and GREENROOM_C2PA_SIGNER."
    )
if not C2PA_CHAIN and (C2PA_KEY or C2PA_SIGNER):
    raise ImproperlyConfigured(
        "set GREENROOM_C2PA_CHAIN to the certificates that belong to the key or the signer."
    )
VERIFY_MAX_BYTES = env.int("VERIFY_MAX_BYTES", default=100 * 1024 * 1024)

# --- Taking one's work, and leaving ------------------------------------------------------------

# How long an archive can be downloaded.
ARCHIVE_DAYS = env.number("ARCHIVE_DAYS", default=7, least=1, most=3650, unit="days")
# Who left by themselves may come back.
ERASE_AFTER_DAYS = env.number("ERASE_AFTER_DAYS", default=30, least=1, most=3650, unit="days")
# Whose membership was ended may still take all.
TAKE_DAYS = env.number("TAKE_DAYS", default=60, least=1, most=3650, unit="days")

# --- People and sessions -----------------------------------------------------------------------

AUTH_USER_MODEL = "artists.Artist"
AUTHENTICATION_BACKENDS = ["artists.access.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "artists.accounts.adapter.InvitedOnlyAdapter"
ACCOUNT_FORMS = {
    "signup": "artists.accounts.forms.InvitedSignupForm",
    "login": "artists.accounts.words.LoginForm",
    "request_login_code": "artists.accounts.words.RequestLoginCodeForm",
    "confirm_login_code": "artists.accounts.words.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "artists.accounts.words.ConfirmAddressForm",
    "reauthenticate": "artists.accounts.words.ReauthenticateForm",
    "add_email": "artists.accounts.words.ChangeAddressForm",
    "change_password": "artists.accounts.words.ChangePasswordForm",
    "set_password": "artists.accounts.words.SetPasswordForm",
    "reset_password": "artists.accounts.words.ResetPasswordForm",
    "reset_password_from_key": "artists.accounts.words.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {  # by address of the network, by account, by what is asked for
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key,50/d/key",  # of passwords, and of codes of second factors
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
    "reset_password": "20/m/ip,5/m/key,10/h/key",
    "reset_password_from_key": "20/m/ip",
    "signup": "20/m/ip",
    "manage_email": "10/m/user",
    "confirm_email": "1/10s/key,10/h/key",
}
ACCOUNT_CHANGE_EMAIL = True  # one address, replaced once the new one is proven
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the e-mail address changes
ACCOUNT_EMAIL_NOTIFICATIONS = True  # and the old address is told
ACCOUNT_LOGOUT_REDIRECT_URL = "front"

# --- Second factors ----------------------------------------------------------------------------

MFA_ADAPTER = "artists.accounts.factors.FactorAdapter"
MFA_FORMS = {
    "authenticate": "artists.accounts.factor_forms.CodeForm",
    "reauthenticate": "artists.accounts.factor_forms.CodeAgainForm",
    "activate_totp": "artists.accounts.factor_forms.SetUpAppForm",
    "add_webauthn": "artists.accounts.factor_forms.AddPasskeyForm",
    "authenticate_webauthn": "artists.accounts.factor_forms.PasskeyForm",
    "reauthenticate_webauthn": "artists.accounts.factor_forms.PasskeyAgainForm",
    "login_webauthn": "artists.accounts.factor_forms.PasskeyAloneForm",
    "edit_webauthn": "artists.accounts.factor_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a code before and after: clocks of phones go wrong by half a minute
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}

# --- Joining, and programs that act for somebody -----------------------------------------------

INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
TERMS_NOTICE_DAYS = env.int("TERMS_NOTICE_DAYS", default=14)  # before new terms replace others
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 15 * 60  # seconds, of a program signed in by device code
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 30 * 86_400  # after its last refresh
IDP_OIDC_DEVICE_CODE_EXPIRES_IN = 10 * 60

# --- Mail --------------------------------------------------------------------------------------

mail_default = "filemail://" if DEBUG or DEMO else ""
EMAIL_TIMEOUT = 20  # seconds for each word of a mail server: a silent one holds nobody for ever
vars().update(env.mail("EMAIL_URL", default=mail_default, folder=HOME / "mail"))
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Greenroom <greenroom@localhost>")
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{PROGRAMME_NAME}: "

# --- The API -----------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["artists.access.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "artists.access.scopes.HasScope",  # which takes a token
        "artists.terms.permissions.TermsAccepted",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {
        "api_writes": env.str("API_WRITE_RATE", default="300/min"),
        "outside_forms": "30/min",  # pages on which the portal calls an address of an artist's
    },
    "EXCEPTION_HANDLER": "portal.api.answer_error",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Greenroom",
    "VERSION": "1",
    "DESCRIPTION": words.DESCRIPTION,
    "TAGS": [{"name": name, "description": text} for name, text in words.TAGS.items()],
    "SERVERS": [{"url": PUBLIC_URL}],
    "OAS_VERSION": "3.1.0",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "EventTypeEnum": "generations.models.webhook.EVENT_TYPES",
        "ShareStatusEnum": "generations.sharing.serializers.STATUSES",
    },
}

# --- Webhooks of artists -----------------------------------------------------------------------

# Where webhooks of artists may go: to these ports, on the public internet and in these networks.
WEBHOOK_PORTS = [int(port) for port in env.list("WEBHOOK_PORTS", default=["443"])]
WEBHOOK_NETWORKS = env.networks("WEBHOOK_NETWORKS")

# --- Logs --------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_secrets": {"()": "portal.logs.WithoutSecrets"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["without_secrets"],
            "formatter": "line",
            "stream": sys.stderr,
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # They log whole addresses and headers: a callback's secret, a signature may be among them.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("httpx", "boto3", "botocore", "s3transfer", "urllib3")
    }
    | {"c2pa": {"level": "CRITICAL"}},  # who calls it says what went wrong
}
