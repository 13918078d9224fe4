# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files as they are written, to what plugin_utils/_compose takes: read and parsed on the controller.

parse(name, bytes)   a YAML file to a File, as the docker command line reads it
  yaml_nodes.py      the file's text to nodes; what is wrong with the syntax, and in which line
  scalars.py         a word to a string, a number, a boolean or null
  document.py        nodes to values, with merge keys, and the line of each place
sources.py           where files are looked for, and read from: the controller or the node
module_arguments.py  a task's options to a Stack, and to the options that the module is handed
"""
