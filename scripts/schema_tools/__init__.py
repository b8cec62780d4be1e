"""The schema pipeline: from the server's OpenAPI document to the generated package.

Read the modules in this order: ``snapshot`` (what the server says), ``build`` (what we make of it, one module
per kind of correction), ``render`` (how the package is generated from that), ``differences`` (what changed
between two servers).
"""
