from odoo import api, models
from odoo.tools import LazyTranslate

from ..common.holdings import Holding

_lt = LazyTranslate(__name__)


class ResUsers(models.Model):
    """Collection and credit, as far as a user is responsible."""

    _inherit = "res.users"

    @api.model
    def _customer_holdings(self):
        """EXTENDS common: steps to do, open promises, orders that wait for credit, settings."""
        return [
            *super()._customer_holdings(),
            Holding(
                "collection",
                _lt("Collection Steps"),
                "customer.collection.step",
                "user_id",
                domain=(("state", "=", "planned"),),
                partner="partner_id",
                label="subject",
            ),
            Holding(
                "promise",
                _lt("Promises to Pay"),
                "customer.collection.promise",
                "user_id",
                domain=(("state", "=", "open"),),
                partner="partner_id",
                label="",
            ),
            Holding(
                "credit_waiting",
                _lt("Orders Waiting for Credit"),
                "sale.order",
                "credit_waiting_user_id",
                domain=(("state", "in", ("draft", "sent")),),
                partner="partner_id",
            ),
            Holding(
                "collection_level",
                _lt("Collection Levels"),
                "customer.collection.level",
                "user_id",
                label="",
                with_rights=True,
            ),
            Holding(
                "collector",
                _lt("Collector (Setting)"),
                "res.company",
                "collection_user_id",
                company="id",
                with_rights=True,
            ),
            Holding(
                "credit_controller",
                _lt("Credit Controller (Setting)"),
                "res.company",
                "customer_credit_user_id",
                company="id",
                with_rights=True,
            ),
        ]
