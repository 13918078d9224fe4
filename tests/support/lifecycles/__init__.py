# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lives of objects as data: lists of steps that run_steps walks on fake and on real engines alike.

A life is a function from a Stage (the engines it is played on) to its steps. Each file has a table of them.
"""
