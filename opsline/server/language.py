"""The language that the server's own few sentences are said in, before a page's kernel speaks."""

from __future__ import annotations

from tornado.httputil import HTTPServerRequest

from sheets_schema.words import LANGUAGES, say

TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")


def language_of(request: HTTPServerRequest) -> str:
    """Return the language that a request is answered in: the one that is wished, else English."""
    return wished_language(request) or "en"


def wished_language(request: HTTPServerRequest) -> str:
    """Return the address bar's language, else the browser's first that we speak, else a blank."""
    asked = request.query_arguments.get("lang", [b""])[-1].decode("utf-8", "replace")
    if asked in LANGUAGES:
        return asked
    for wish in request.headers.get("Accept-Language", "").split(","):
        tag = wish.partition(";")[0].strip().lower()
        if tag.startswith(TRADITIONAL):
            return "zh-Hant"
        if tag.startswith("zh"):
            return "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return ""


def theme_of(request: HTTPServerRequest) -> str:
    """Return `light` or `dark` where the address bar says so, and blank where the system decides."""
    asked = request.query_arguments.get("theme", [b""])[-1].decode("utf-8", "replace")
    return asked if asked in {"light", "dark"} else ""


def sentences(language: str, *keys: str, **facts: object) -> dict[str, str]:
    """Return the server's sentences for a template, by the last part of each key."""
    return {key: say(f"serve.{key}", language, **facts) for key in keys}
