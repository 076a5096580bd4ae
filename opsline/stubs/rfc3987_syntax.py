"""Stand in for a library that is asked for by a dependency and never used here.

jsonschema's format checker imports rfc3987_syntax where it is installed; the import builds some forty
parsers and takes 6 of the 13 seconds of a first page. jsonschema treats a missing one as "this format is
not checked", which is right: no schema on our way names it.
"""

message = "left out on purpose: opsline/stubs says why"
raise ImportError(message)
