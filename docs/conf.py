"""How Sphinx builds these pages; `python3 scripts/docs.py` runs it.

Nothing is fetched while building, and nothing is written beside the sources.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_sphinx"))

from inference_ext import __version__

project = "inference-ext"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "client_methods",
    "command_help",
    "documented_names",
    "module_text",
    "prose_docstrings",
    "record_class",
    "server_operations",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_sphinx", "_static"]

myst_heading_anchors = 3
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence"]

# Docstrings write `names` in single backticks; documented_names.py makes links of those that are documented.
default_role = "documented"
add_module_names = False
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_inherit_docstrings = False
autodoc_class_signature = "mixed"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

# The manuals of other packages would have to be fetched to link to them: their names stay plain text.
nitpick_ignore_regex = [
    # The standard library, by module or as a signature writes the name.
    (r"py:.*", r"(collections|concurrent|enum|ipaddress|os|pathlib|ssl|threading|types|typing|wsgiref)\..+"),
    (r"py:.*", r"(Any|AsyncGenerator|Callable|Generator|IO|Literal|Mapping|Path|Self|Sequence|WSGIApplication)"),
    # Type variables, and protocols that nobody but type checkers needs.
    (r"py:class", r"(.+\.)?(A|E|T|Dumps|Function|Prediction|_[A-Z]\w+)"),
    # Third-party types.
    (r"py:.*", r"(np|npt|numpy|PIL|pd|pandas|sv|supervision|httpx)\..+"),
]

html_theme = "furo"
html_title = "inference-ext"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#6706ce", "color-brand-content": "#6706ce"},
    "dark_css_variables": {"color-brand-primary": "#b794f6", "color-brand-content": "#b794f6"},
}
