"""Run Odoo for tests, without work that no test of ours needs.

usage: odoo_slim.py OPTION...   options of Odoo

Environment:
  CG_BUNDLES  asset bundles to make before tests with HTTP (Odoo makes all, those of its own unit tests
              and of the dark mode too); what is missing is made when a page asks for it
  CG_LINTED   when set, the only addon that Odoo's own linters find (they would read six hundred)
"""

import os
import sys

from odoo.cli.command import main
from odoo.modules import Manifest

from odoo.addons.base.models.ir_qweb import IrQweb


def make_opened_bundles(self):
    """Instead of all bundles, make those of CG_BUNDLES."""
    scripts, styles = self._get_bundles_to_pregenarate()
    opened = set(os.environ.get("CG_BUNDLES", "").split())
    for name in sorted(opened & scripts):
        self._get_asset_bundle(name, css=False, js=True).js()
    for name in sorted(opened & styles):
        self._get_asset_bundle(name, css=True, js=False).css()


def find_linted():
    """Instead of the manifests of all addons, return that of CG_LINTED."""
    return [Manifest.for_addon(os.environ["CG_LINTED"])]


IrQweb._pregenerate_assets_bundles = make_opened_bundles
if os.environ.get("CG_LINTED"):
    Manifest.all_addon_manifests = staticmethod(find_linted)
sys.exit(main())
