# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeded histories: random tasks of the collection, another client that writes meanwhile, and faults, on a fake swarm.

A history is data, made from a seed (``operations``). It is played on a fake swarm in which time passes by waiting alone
(``play``), and after each task what is there is compared with what may be there (``law``). A history with a violation is
made shorter until nothing can be left out (``shrink``).
"""
