from odoo import fields, models
from odoo.exceptions import UserError


class CustomerComplaint(models.Model):
    """The anomaly form: a quality deviation without loss, that can become a complaint.

    On the same form as a complaint, with lot, production date, line and shift. No customer is told or
    called back: it ends with its cause and measures.
    """

    _inherit = "customer.complaint"

    def write(self, vals):
        """EXTENDS the complaint: what becomes a complaint or repair request is promised from now on."""
        was = self.browse()
        if vals.get("kind") in ("complaint", "repair"):
            was = self.filtered(lambda case: case.kind == "anomaly")
            for case in was:
                if case.state not in case._open_states():
                    raise UserError(self.env._("%s is closed: reopen it first.", case.display_name))
                if case.state != "registered" and not vals.get("partner_id", case.partner_id):
                    raise UserError(
                        self.env._("%s: say first who the customer is.", case.display_name)
                    )
        res = super().write(vals)
        # sudo: deadlines of the case; anomalies have none unless a policy names them
        was.filtered(lambda case: not case.sudo().clock_ids)._sla_start(fields.Datetime.now())
        return res

    def _is_anomaly(self):
        """Tell whether the case is an anomaly and never was a complaint."""
        self.ensure_one()
        return self.kind == "anomaly" and not self.was_complaint

    def _guard_complete(self):
        """EXTENDS the flow: an anomaly may be found before any customer has it."""
        if not self._is_anomaly():
            return super()._guard_complete()
        if not self.category_id:
            return [self.env._("Specify the category first.")]
        return []

    def _guard_answer(self):
        """EXTENDS the flow: nobody complained, so nobody is answered."""
        reasons = super()._guard_answer()
        if self._is_anomaly():
            reasons.append(self.env._("An anomaly ends with its cause, without an answer."))
        return reasons

    def _guard_conclude(self):
        """Return why an anomaly cannot end yet: its cause, its measures, or that it is none."""
        if not self._is_anomaly():
            return [self.env._("Only an anomaly can be closed without an answer and a call-back.")]
        reasons = []
        if not self.root_cause:
            reasons.append(self.env._("An anomaly requires a root cause."))
        if names := self.action_ids.filtered("is_open").mapped("name"):
            reasons.append(self.env._("Actions are still open: %s.", ", ".join(names)))
        if names := self._unchecked_actions().mapped("name"):
            reasons.append(
                self.env._("The effectiveness has not been checked yet: %s.", ", ".join(names))
            )
        return reasons

    def action_conclude(self):
        """End an anomaly: cause and measures are known, no customer has a loss."""
        now = fields.Datetime.now()
        for case in self:
            case._transition(
                "conclude", {"closed_at": now, "first_closed_at": case.first_closed_at or now}
            )
        self._sla_fact("close", now)
        self._case_over()
        return True

    def action_become_complaint(self):
        """Ask why an anomaly is a complaint; its number, facts and actions stay."""
        self.ensure_one()
        self.check_access("write")
        if not self._is_anomaly():
            raise UserError(self.env._("%s is not an anomaly.", self.display_name))
        action = self.action_change_class()
        return {
            **action,
            "name": self.env._("Convert to Complaint"),
            "context": {**action["context"], "default_kind": "complaint"},
        }

    def action_register(self):
        """EXTENDS the intake: nobody is told of an anomaly."""
        return super(
            CustomerComplaint, self.filtered(lambda c: not c._is_anomaly())
        ).action_register()

    def _find_repeats(self):
        """EXTENDS the repeats: an anomaly repeats nothing that a customer complained about."""
        return super(
            CustomerComplaint, self.filtered(lambda c: c.kind != "anomaly")
        )._find_repeats()
