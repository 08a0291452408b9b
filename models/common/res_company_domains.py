from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError

SWITCHERS = ("customer_governance.group_manager", "base.group_system")


class ResCompany(models.Model):
    """Which domains of customer governance a company uses: none until somebody switches one on.

    A domain adds itself to ``_customer_domains`` in its own folder. Off means none of it: what people
    see carries the domain's feature group, what happens by itself asks ``_customer_uses``.
    """

    _inherit = "res.company"

    @api.model
    def _customer_domains(self):
        """Return the domains that can be switched: {key: CustomerDomain}, in the order shown."""
        return {}

    def _customer_uses(self, key):
        """Tell whether the company uses a domain; no company uses none."""
        domain = self._customer_domains()[key]
        # sudo: what a company uses is no secret to those who work with its records
        return bool(self) and self.sudo()[domain.field] != domain.off

    def _customer_require(self, key):
        """Refuse to begin something of a domain in companies that do not use it.

        :raises UserError: naming the company and who can switch the domain on
        """
        for company in self:
            if not company._customer_uses(key):
                raise UserError(
                    self.env._(
                        "“%(domain)s” is not enabled in %(company)s. The head of customer "
                        "governance can enable it under Configuration > Setup.",
                        domain=self._customer_domains()[key].name,
                        company=company.sudo().name,
                    )
                )

    @api.model
    def _customer_using(self, key):
        """Return the active companies that use a domain, in a fixed order: for its jobs."""
        domain = self._customer_domains()[key]
        # sudo: jobs work for all companies
        companies = self.sudo().search([(domain.field, "!=", domain.off)], order="id")
        return companies.with_env(self.env)

    @api.model
    def _customer_in_use(self, key):
        """Tell whether any company uses a domain, without a query."""
        group = self._customer_domains()[key].group
        return self.env["res.groups"]._is_feature_enabled(group)

    def _get_company_root_delegated_field_names(self):
        """Let branches follow their root company."""
        fields = [domain.field for domain in self._customer_domains().values()]
        return super()._get_company_root_delegated_field_names() + fields

    @api.model_create_multi
    def create(self, vals_list):
        """Show the domains that new companies use from the start."""
        companies = super().create(vals_list)
        companies._customer_show_domains()
        return companies

    def write(self, vals):
        """Show what a company has switched on, hide what the last company has switched off."""
        domains = self._customer_domains()
        touched = {key: domain for key, domain in domains.items() if domain.field in vals}
        if not touched and "active" not in vals:
            return super().write(vals)
        off = {key: self.filtered(lambda c, k=key: not c._customer_uses(k)) for key in touched}
        result = super().write(vals)
        self._customer_show_domains()
        for key, companies in off.items():
            if begun := companies.filtered(lambda c, k=key: c._customer_uses(k)):
                # sudo: who may write the switch may cause what follows from it
                begun.sudo()._customer_switched_on(key)
        return result

    def unlink(self):
        """Hide what only the deleted companies used."""
        result = super().unlink()
        self._customer_show_domains()
        return result

    @api.model
    def _customer_show_domains(self):
        """Give every internal user the feature groups of the domains in use, and no others."""
        # sudo: feature groups show screens, they give no right; the switch itself is guarded
        users = self.env.ref("base.group_user").sudo()
        for key, domain in self._customer_domains().items():
            group = self.env.ref(domain.group, raise_if_not_found=False)
            if not group:
                continue  # while the addon is being installed
            group = group.sudo()
            used = bool(self._customer_using(key))
            if used and group not in users.implied_ids:
                users.write({"implied_ids": [Command.link(group.id)]})
            elif not used and group in users.implied_ids:
                users.write({"implied_ids": [Command.unlink(group.id)]})

    def _customer_may_switch(self):
        """Tell whether the user may switch domains on and off."""
        return self.env.su or any(self.env.user.has_group(group) for group in SWITCHERS)

    def _customer_switch(self, key, value):
        """Switch a domain of the company (and its branches) on or off.

        :param value: of the domain's field
        :raises AccessError: for others than the head of customer governance and administrators
        """
        self.ensure_one()
        mine = self.env.su or self in self.env.user.company_ids
        if not (mine and self._customer_may_switch()):
            raise AccessError(
                self.env._(
                    "Only the head of customer governance or an administrator can change "
                    "this switch."
                )
            )
        # sudo: the right was checked; this one field is written
        self.root_id.sudo()[self._customer_domains()[key].field] = value

    def _customer_switched_on(self, key):
        """Hook: catch up on what did not happen while a domain was off; `self` is with sudo."""

    # -- set-up page ------------------------------------------------------------------------------

    def _customer_setup(self, key):
        """Return what the set-up page of a domain says about the company; a domain adds its own.

        The figures count everything, whatever the user may read: callers checked who asks. A link
        is there for what the user may open.
        """
        raise NotImplementedError(key)

    @api.model
    def _customer_link(self, xmlid, domain=None, context=None):
        """Return an action for a line of a set-up page; None when the user may not open it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        if not self.env[action["res_model"]].has_access("read"):
            return None
        if domain is not None:
            action |= {"domain": domain, "context": context or {}}
        return action

    @api.model
    def _customer_list(self, name, model, ids):
        """Return an action that lists records; None when there are none the user may open."""
        if not ids or not self.env[model].has_access("read"):
            return None
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", list(ids))],
        }

    def _customer_has_role(self, *names):
        """Tell whether a person who works for the company has one of the roles."""
        root = self.env.ref("base.user_root")
        groups = [self.env.ref(f"customer_governance.{name}") for name in names]
        # sudo: only whether there is anybody; who has which role is shown to those who may see it
        return any(
            user.active and not user.share and user != root and self in user.company_ids
            for group in groups
            for user in group.sudo().user_ids
        )
