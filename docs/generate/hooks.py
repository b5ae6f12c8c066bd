"""Called by MkDocs: adds generated pages and puts all pages in order."""

import commands
import interfaces
import navigation
from mkdocs.structure.files import File
from pygments.formatters import HtmlFormatter


def on_files(files, config):
    """Adds the pages of commands and interfaces, and sets the navigation."""
    colours = HtmlFormatter(style="tango").get_style_defs(".highlight")
    pages = {"code.css": colours, **commands.pages(), **interfaces.pages()}
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    written = [file.src_path for file in files.documentation_pages()]
    config.nav = navigation.ordered(written)
    return files
