"""Tickets: requests, complaints and suggestions, from acceptance to closing (policy 三(一)).

Rules only: tables in, tables out, time as an argument. `TicketRules` holds the sheets that the rules
follow; `sheets_schema.desk_rules` builds it from a snapshot.
"""
