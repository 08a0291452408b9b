from contextlib import suppress

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...queries import merges


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging partners: no row of ours is lost because another one stands in its place.

    Core moves rows from partner to partner; where a constraint is in the way it deletes all rows of
    the merged partner, and a unique index it does not know at all. A model with a unique index over
    a partner says in `_merge_partners` which of its rows stay.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS base: move the rows that unique indexes of ours may refuse."""
        self.env.flush_all()
        for model, columns in self._merge_unique_columns().items():
            # sudo: what is kept of the merged partner follows, whoever merges
            records = self.env[model].sudo().with_context(active_test=False)
            for column in columns:
                if hasattr(records, "_merge_partners"):
                    records._merge_partners(column, src_partners, dst_partner)
                    self.env.flush_all()
                self._merge_move(records, column, src_partners, dst_partner)
        self.env.cr.execute(merges.move_sent("res.partner", src_partners.ids, dst_partner.id))
        self.env.invalidate_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _merge_unique_columns(self):
        """Return {model: columns}: those of our tables whose unique indexes hold a partner."""
        own = {
            model._table: name
            for name, model in self.env.registry.items()
            if model._original_module == "customer_governance"
            and not model._abstract
            and not model._transient
            and model._auto
        }
        found = {}
        rows = self.env.execute_query(merges.unique_partner_columns("res_partner", list(own)))
        for table, column in rows:
            found.setdefault(own[table], []).append(column)
        return found

    def _merge_move(self, records, column, src_partners, dst_partner):
        """Move the rows; refuse in words where two of them cannot stand side by side."""
        query = merges.move_rows(records._table, column, src_partners.ids, dst_partner.id)
        moved = False
        with suppress(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query)
                moved = True
        if not moved:
            raise UserError(
                self.env._(
                    "%(names)s cannot be merged: each of them has an entry “%(kind)s” and only one "
                    "can remain. Settle one of the two first.",
                    names=", ".join((dst_partner | src_partners).mapped("display_name")),
                    kind=records._description,
                )
            )
