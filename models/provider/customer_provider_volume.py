from odoo import api, fields, models
from odoo.tools import format_date

# Written by the portal and the system: who told the number, and how.
FACTS = ("source", "reported_by_id")


class CustomerProviderVolume(models.Model):
    """How much a service provider did in a month: jobs, vehicles, whatever its quota counts.

    Entered or imported by the head of service, or told by the provider in the portal. The quota of a
    month is that of the volume of the quarter before (`customer.provider.period`).
    """

    _name = "customer.provider.volume"
    _inherit = ["mail.thread", "customer.company.mixin"]
    _description = "Provider Service Volume"
    _order = "date_from DESC, provider_id, id"
    _rec_names_search = ["provider_id"]

    provider_id = fields.Many2one(
        "res.partner",
        "Service Provider",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    date_from = fields.Date(
        "Month",
        required=True,
        index=True,
        help="Any day of the month; the first day is stored.",
        default=lambda self: self._default_month(),
    )
    quantity = fields.Float(
        "Volume",
        required=True,
        digits=(16, 2),
        tracking=True,
        help="Jobs, vehicles or visits in the month, as counted by the lines of the quota.",
    )
    source = fields.Selection(
        [("entered", "Entered"), ("provider", "Reported by the provider")],
        required=True,
        default="entered",
        readonly=True,
        copy=False,
        tracking=True,
    )
    reported_by_id = fields.Many2one(
        "res.users", "Reported By", readonly=True, copy=False, default=lambda self: self.env.user
    )
    note = fields.Char()

    _month_uniq = models.UniqueIndex(
        "(company_id, provider_id, date_from)", "The volume of this month has already been entered."
    )
    _quantity_positive = models.Constraint("CHECK(quantity >= 0)", "A volume cannot be negative.")

    @api.model
    def _default_month(self):
        """Return the first day of the month before today's."""
        today = self.env.company._customer_today()
        return fields.Date.subtract(today.replace(day=1), months=1)

    @api.depends("provider_id", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for volume in self:
            month = volume.date_from and format_date(
                self.env, volume.date_from, date_format="MMMM y"
            )
            volume.display_name = " – ".join(filter(None, (volume.provider_id.name, month)))

    # -- create and write ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """The month is known by its first day, the provider by its company."""
        return super().create([self._normal({**self._told(), **vals}) for vals in vals_list])

    def write(self, vals):
        """What is corrected by hand is not the provider's word any more."""
        vals = self._normal(vals)
        result = super().write(vals)
        if "quantity" in vals and not self.env.su:
            # sudo: who told the number is recorded, it cannot be written
            self.sudo().write(self._told())
        return result

    @api.model
    def _told(self):
        """Return who tells the number now."""
        return {"source": "entered", "reported_by_id": self.env.uid}

    @api.model
    def _normal(self, vals):
        if not self.env.su:
            vals = {**{k: v for k, v in vals.items() if k not in FACTS}, **self._kept(vals)}
        if day := fields.Date.to_date(vals.get("date_from")):
            vals = {**vals, "date_from": day.replace(day=1)}
        if provider := self._customer_named(vals, "provider_id"):
            vals = {**vals, "provider_id": provider.commercial_partner_id.id}
        return vals

    @api.model
    def _kept(self, vals):
        """Return the facts as the system says them, for people who send others."""
        return {k: v for k, v in self._told().items() if k in vals}

    # -- the provider's own report ------------------------------------------------------------

    @api.model
    def _open_months(self, company, provider):
        """Return [(first day, volume or empty)] of the months a provider may still report.

        The months of this quarter and the last one that are over, the newest first, as long as no
        month whose quota they make was confirmed.
        """
        today = company._customer_today()
        quarter = self.env["customer.provider.period"]._volume_quarter(company, today)
        known = self.search(
            [
                ("company_id", "=", company.id),
                ("provider_id", "=", provider.id),
                ("date_from", ">=", quarter.date_from),
            ]
        ).grouped("date_from")
        months, day = [], fields.Date.subtract(today.replace(day=1), months=1)
        while day >= quarter.date_from:
            if not self._is_used(company, provider, day):
                months.append((day, known.get(day, self.browse())))
            day = fields.Date.subtract(day, months=1)
        return months

    @api.model
    def _is_used(self, company, provider, day):
        """Tell whether a quota that was confirmed counted the volume of the month of a day."""
        later = fields.Date.add(day, months=1)
        months = self.env["customer.provider.period"].search(
            [
                ("company_id", "=", company.id),
                ("provider_id", "=", provider.id),
                ("state", "!=", "draft"),
                ("date_from", ">=", later),
                ("date_from", "<", fields.Date.add(later, months=6)),
            ]
        )
        return any(
            quarter.date_from <= day <= quarter.date_to
            for quarter in (months._volume_quarter(company, month.date_from) for month in months)
        )

    @api.model
    def _report(self, company, provider, day, quantity, user):
        """Take what a provider says of one of its open months; the caller checked who it is.

        :return: the volume, or None where the month is not open
        """
        open_months = dict(self._open_months(company, provider))
        if day not in open_months or quantity < 0:
            return None
        vals = {"quantity": quantity, "source": "provider", "reported_by_id": user.id}
        if volume := open_months[day]:
            volume.write(vals)
            return volume
        return self.create(
            {**vals, "company_id": company.id, "provider_id": provider.id, "date_from": day}
        )

    @api.private
    def _merge_partners(self, column, sources, target):
        """Providers become one: of a month that both have, the volumes add up."""
        volumes = self.search([(column, "in", (sources | target).ids)])
        for same in volumes.grouped(lambda v: (v.company_id, v.date_from)).values():
            first = same.sorted(lambda v: (v.provider_id != target, v.id))[:1]
            if rest := same - first:
                first.write({"quantity": sum(same.mapped("quantity"))})
                rest.unlink()
