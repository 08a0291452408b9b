from odoo import Command, api, fields, models
from odoo.tools.safe_eval import safe_eval

ROLES = (
    "sales",
    "service",
    "service_supervisor",
    "quality",
    "credit",
    "archivist",
    "deed",
    "committee",
    "manager",
    "auditor",
)

READERS = "base.group_erp_manager,customer_governance.group_manager"


def _role(role, label):
    """Return the column of a role. Each has functions of its own: fields that share a method protect
    one another while one is written.
    """

    @api.depends("group_ids")
    def compute(users):
        users._compute_customer_role(role)

    def inverse(users):
        users._inverse_customer_role(role)

    return fields.Boolean(label, compute=compute, inverse=inverse, groups=READERS)


# What the app opens with, by role: the menus whose screens it may be, each with an action of its own
# where it is not the menu's. Who has several roles gets the first of them here: the one whose work
# waits least.
HOMES = (
    ("group_manager", {"menu_review": None}),
    (
        "group_service_supervisor",
        {"menu_customer_complaint_decide": None, "menu_customer_complaint_board": None},
    ),
    ("group_service", {"menu_customer_complaint_mine": "customer_complaint_action_home"}),
    (
        "group_quality",
        {
            "menu_customer_complaint_mine": "customer_complaint_action_home",
            "menu_customer_complaint_action": None,
        },
    ),
    ("group_credit", {"menu_credit_held": None, "menu_collection_overdue": None}),
    ("group_archivist", {"menu_customer_archive_desk": None, "menu_customer_archive": None}),
    ("group_deed", {"menu_customer_archive_deed": None}),
    ("group_committee", {"menu_review": None}),
    (
        "group_sales",
        {"menu_care_due": "customer_care_due_action_home", "menu_customer": "customer_action_home"},
    ),
)


class ResUsers(models.Model):
    """The roles of a user as columns, for the list in which an administrator fills them in.

    A role that another one implies is ticked too; it goes only with that one.
    """

    _inherit = "res.users"

    customer_role_sales = _role("sales", "Account Manager")
    customer_role_service = _role("service", "Customer Service")
    customer_role_service_supervisor = _role("service_supervisor", "Head of Service")
    customer_role_quality = _role("quality", "Quality Investigator")
    customer_role_credit = _role("credit", "Credit Control")
    customer_role_archivist = _role("archivist", "Archivist")
    customer_role_deed = _role("deed", "Deed Custodian")
    customer_role_committee = _role("committee", "Review Committee")
    customer_role_manager = _role("manager", "Head of Customer Governance")
    customer_role_auditor = _role("auditor", "Auditor")

    @api.model
    def _customer_role_groups(self):
        """Return {name of the field: group} of the roles."""
        # sudo: which groups the roles are; who may see and give them is said by the fields
        env = self.sudo().env
        return {
            f"customer_role_{role}": env.ref(f"customer_governance.group_{role}") for role in ROLES
        }

    def _compute_customer_role(self, role):
        name = f"customer_role_{role}"
        group = self._customer_role_groups()[name]
        for user in self:
            user[name] = group in user.sudo().all_group_ids  # sudo: the field says who reads it

    def _inverse_customer_role(self, role):
        """Give or take the role; the right is that to write the groups of users."""
        name = f"customer_role_{role}"
        group = self._customer_role_groups()[name]
        # sudo: who has the role now; the write below is the user's own
        given = self.filtered(lambda user: user[name] and group not in user.sudo().all_group_ids)
        taken = self.filtered(lambda user: not user[name] and group in user.sudo().group_ids)
        if given:
            given.write({"group_ids": [Command.link(group.id)]})
        if taken:
            taken.write({"group_ids": [Command.unlink(group.id)]})
        # a role that another one brings along stays ticked
        self.invalidate_recordset([name], flush=False)

    # --- the first screen of the app
    @api.model
    def _customer_home_action(self):
        """Return what the app opens with for the current user: a list of work, else the customers.

        Of the screens of a role it is the first that is not empty.
        """
        self = self.sudo(False)  # as superuser every menu is visible, and that would be cached
        for group, screens in HOMES:
            if not self.env.user.has_group(f"customer_governance.{group}"):
                continue
            actions = self._customer_home_screens(screens)
            if actions:
                return next(filter(self._customer_home_has_work, actions), actions[0])
        return self.env["ir.actions.actions"]._for_xml_id("customer_governance.customer_action")

    def _customer_home_screens(self, screens):
        """Actions of the menus the user sees: rights and features are decided there.

        :param screens: {name of a menu: name of an action or None}
        """
        visible = self.env["ir.ui.menu"]._visible_menu_ids()
        actions = []
        for menu_name, action_name in screens.items():
            # sudo: which action a menu has is no secret, and the menu is visible to the user
            menu = self.env.ref(f"customer_governance.{menu_name}", raise_if_not_found=False)
            menu = menu and menu.sudo()
            if not menu or menu.id not in visible:
                continue
            action = menu.action
            if action_name:
                action = self.env.ref(f"customer_governance.{action_name}").sudo()
            actions.append(action._get_action_dict())
        return actions

    def _customer_home_has_work(self, action):
        """Whether the user finds a record on the screen; a form or a picture always counts."""
        model = action.get("res_model")
        if action["view_mode"].split(",")[0] not in ("list", "kanban"):
            return True
        context = {"uid": self.env.uid, "allowed_company_ids": self.env.companies.ids}
        return bool(self.env[model].search_count(safe_eval(action["domain"] or "[]", context), 1))

    # --- what a user holds: the one place that knows, filled by each domain for its models
    @api.model
    def _customer_holdings(self):
        """Return the kinds of records (`Holding`) that a user is responsible for, in the order shown."""
        return []

    # --- the counter of approvals opens lists one can read, or the one document that waits
    @api.model
    def review_user_count(self):
        """EXTENDS base_tier_validation: its groups open cards that show nothing but a number."""
        groups = []
        mixin = self.env.registry["customer.approval.mixin"]
        for group in super().review_user_count():
            model = self.env[group["model"]]
            if issubclass(type(model), mixin):
                groups += model._approval_groups(group)
            else:
                groups.append(group)
        return groups
