from odoo import api, fields, models
from odoo.exceptions import AccessError


class CustomerSetup(models.TransientModel):
    """The page on which a domain is switched on: what it does, what to fill first, whom it concerns."""

    _name = "customer.setup"
    _inherit = ["customer.named.mixin"]
    _description = "Setup"
    _rec_name = "name"

    domain = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    name = fields.Char(compute="_compute_domain")
    icon = fields.Char(compute="_compute_domain")
    is_on = fields.Boolean("In Use", compute="_compute_domain")
    has_mails = fields.Boolean(compute="_compute_domain")
    state = fields.Selection(
        [("off", "Off"), ("plan", "On, no e-mails"), ("on", "On")],
        "Status",
        compute="_compute_domain",
    )
    may_switch = fields.Boolean(compute="_compute_may_switch")
    what = fields.Html("What It Does", compute="_compute_lines", sanitize=False)
    fill_line_ids = fields.One2many(
        "customer.setup.line", "setup_id", "Prerequisites", domain=[("kind", "=", "fill")]
    )
    today_line_ids = fields.One2many(
        "customer.setup.line", "setup_id", "Currently Affected", domain=[("kind", "=", "today")]
    )
    progress = fields.Char("Filled In", compute="_compute_lines")
    has_user = fields.Boolean(compute="_compute_user_id")
    user_label = fields.Char(compute="_compute_user_id")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        inverse="_inverse_user_id",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # -- whose ----------------------------------------------------------------------------------

    @api.model
    def _check_may_switch(self):
        """:raises AccessError: for others than the head of customer governance and administrators"""
        if not self.env["res.company"]._customer_may_switch():
            raise AccessError(
                self.env._(
                    "Only the head of customer governance or an administrator can change "
                    "this switch."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """List what the domain asks for; the texts are read anew whenever the page is shown."""
        self._check_may_switch()
        own = self.env.user.company_ids
        if not self.env.su and any(vals.get("company_id") not in own.ids for vals in vals_list):
            raise AccessError(self.env._("This is not one of your companies."))
        pages = super().create(vals_list)
        for page in pages:
            setup = page._setup()
            self.env["customer.setup.line"].create(
                [
                    {"setup_id": page.id, "kind": kind, "key": line.key, "sequence": number}
                    for kind, lines in (("fill", setup.fill), ("today", setup.today))
                    for number, line in enumerate(lines)
                ]
            )
        return pages

    def _domain_entry(self):
        self.ensure_one()
        return self.env["res.company"]._customer_domains()[self.domain]

    def _setup(self):
        """Return the `Setup` of the page's domain and company."""
        self.ensure_one()
        self._check_may_switch()
        return self.company_id._customer_setup(self.domain)

    # -- shown ----------------------------------------------------------------------------------

    @api.depends("domain", "company_id")
    @api.depends_context("lang")
    def _compute_domain(self):
        for page in self:
            entry = page._domain_entry()
            # sudo: whether a domain is on is no secret
            value = page.company_id.sudo()[entry.field]
            page.name = str(entry.name)
            page.icon = entry.icon
            page.is_on = value != entry.off
            page.has_mails = entry.mails is not None
            quiet = page.has_mails and value == entry.on
            page.state = "off" if value == entry.off else "plan" if quiet else "on"

    @api.depends_context("uid")
    def _compute_may_switch(self):
        self.may_switch = self.env["res.company"]._customer_may_switch()

    @api.depends("domain", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_lines(self):
        for page in self:
            setup = page._setup()
            page.what = self.env["ir.qweb"]._render(
                "customer_governance.customer_setup_what", {"sentences": setup.what}
            )
            done = sum(bool(line.done) for line in setup.fill)
            page.progress = self.env._(
                "%(done)s of %(all)s filled in", done=done, all=len(setup.fill)
            )

    @api.depends("domain", "company_id")
    def _compute_user_id(self):
        for page in self:
            name = page._domain_entry().user_field
            company = page.company_id.sudo()  # sudo: who is named, for those who may switch
            page.has_user = bool(name)
            page.user_label = company._fields[name]._description_string(self.env) if name else False
            page.user_id = company[name] if name else False

    def _inverse_user_id(self):
        self._check_may_switch()
        for page in self:
            if name := page._domain_entry().user_field:
                # sudo: the head of customer governance names people, but does not edit companies
                page.company_id.sudo()[name] = page.user_id

    # -- actions --------------------------------------------------------------------------------

    @api.model
    def action_open_all(self):
        """Open the list of the domains of the current company."""
        self._check_may_switch()
        company = self.env.company.root_id
        if company not in self.env.user.company_ids:
            company = self.env.company
        domains = self.env["res.company"]._customer_domains()
        pages = self.create([{"domain": key, "company_id": company.id} for key in domains])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Setup"),
            "res_model": "customer.setup",
            "view_mode": "kanban,form",
            "domain": [("id", "in", pages.ids)],
            "context": {},
        }

    def _switch(self, value):
        """Write the switch and show the menus that come or go with it."""
        self.ensure_one()
        self.company_id._customer_switch(self.domain, value)
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_switch_on(self):
        """Switch the domain on in the company."""
        return self._switch(self._domain_entry().on)

    def action_switch_off(self):
        """Switch the domain off in the company; its records stay."""
        return self._switch(self._domain_entry().off)

    def action_send(self):
        """From now on e-mails of the domain go out by themselves, where that is a decision."""
        self.check_access("write")
        mails = self._domain_entry().mails
        return mails is not None and self._switch(mails)

    def action_plan(self):
        """Stop the e-mails that go out by themselves; the rest stays on."""
        self.check_access("write")
        entry = self._domain_entry()
        return entry.mails is not None and self._switch(entry.on)
