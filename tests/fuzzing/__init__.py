"""Everything that parses bytes of others, given bytes nobody would send on purpose.

A target is one function from bytes to nothing: it raises when something other than a result or an error of this
package comes out. The quick tests and `scripts/fuzz.py` run the same targets.
"""
