# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files of format 3, as `docker stack deploy` reads them, to the engine's documents. Pure: nothing is asked
of an engine, files are read by a function that is handed in, and only the standard library is needed.

    File(name, document, lines)     a parsed file, and where its keys stand
      -> unsupported_keys           what the format has and a swarm has not: errors and warnings
      -> interpolation              variables in every value
      -> schema                     unknown keys, types, typed values out of variables
      -> normalize                  the long form of everything
      -> merging                    several files become one
      -> convert                    services, networks, secrets and configs as the docker command line sends them

What it should be is what the docker command line does (docker/cli, cli/compose); where it does something else than
that, the docstring there says so. The YAML parser in front of it has to read as the command line's does, too: YAML
1.2's booleans (``yes`` is a string), no numbers to the base of 60 (``22:22`` is a string), no key twice.
"""
