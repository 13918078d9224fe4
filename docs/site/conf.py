# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings for the HTML documentation that ``make docs`` builds. Everything is at hand: it builds offline."""

from __future__ import annotations

from docutils import nodes

project = "hive.swarm"
copyright = "2026, the hive.swarm authors"
title = html_title = html_short_title = "hive.swarm"

extensions = ["sphinx.ext.autodoc", "sphinx_antsibull_ext"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_use_smartypants = True
display_version = False
html_theme_options = {"vcs_pageview_mode": "", "documentation_home_url": "index.html"}
# The changelog has no title before the first release.
suppress_warnings = ["toc.no_title"]


def foreign(_app, _env, node, content):
    """Answer references to Ansible's own documentation with a link. Broken ones to ours stay, and are warned of."""
    label = node.get("reftarget", "")
    if node.get("refdomain") != "std" or label.startswith("ansible_collections.hive.swarm."):
        return None
    url = "https://docs.ansible.com/ansible/latest/"
    if label.startswith("ansible_collections."):
        _root, namespace, name, plugin = label.split(".", 3)
        url += f"collections/{namespace}/{name}/{plugin}.html"
    return nodes.reference("", "", content, refuri=url, internal=False)


def setup(app):
    app.connect("missing-reference", foreign)
