from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..common.facts import without

# Who signs what while the dossier is in which state.
SIGNATURES = {"signature_a": "draft", "signature_b": "checking", "signature_archivist": "handover"}
STAMPS = {f"{name}_on" for name in SIGNATURES}


def _signature(label):
    # In the table: files of records can be changed by themselves, columns are frozen with the row.
    return fields.Binary(label, attachment=False, copy=False)


class CustomerArchive(models.Model):
    """The three who hand a dossier over sign, each for oneself and in one's own state."""

    _inherit = "customer.archive"

    signature_a = _signature("Signature of A")
    signature_a_on = fields.Datetime("A Signed On", readonly=True, copy=False)
    signature_b = _signature("Signature of B")
    signature_b_on = fields.Datetime("B Signed On", readonly=True, copy=False)
    signature_archivist = _signature("Signature of the Archivist")
    signature_archivist_on = fields.Datetime("Archivist Signed On", readonly=True, copy=False)
    can_sign_a = fields.Boolean(compute="_compute_can_sign")
    can_sign_b = fields.Boolean(compute="_compute_can_sign")
    can_sign_archivist = fields.Boolean(compute="_compute_can_sign")

    @api.depends("state", "role_a_id", "role_b_id")
    @api.depends_context("uid")
    def _compute_can_sign(self):
        for archive in self:
            archive.can_sign_a = archive._may_sign("signature_a")
            archive.can_sign_b = archive._may_sign("signature_b")
            archive.can_sign_archivist = archive._may_sign("signature_archivist")

    def _may_sign(self, name):
        self.ensure_one()
        if self.state != SIGNATURES[name]:
            return False
        if name == "signature_archivist":
            return self._is_archivist() and self.env.user not in self.role_a_id | self.role_b_id
        return self.env.user == (self.role_a_id if name == "signature_a" else self.role_b_id)

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody is born with a signature of another."""
        if not self.env.su:
            closed = {*STAMPS, "submitted_on", "extra_days_a", "extra_days_b"}
            closed |= SIGNATURES.keys() - {"signature_a"}
            self, vals_list = without(self, vals_list, closed)
            vals_list = [
                {**vals, "signature_a": False}
                if vals.get("role_a_id", self.env.uid) != self.env.uid
                else vals
                for vals in vals_list
            ]
        now = fields.Datetime.now()
        return super().create(
            [
                {**vals, "signature_a_on": now} if vals.get("signature_a") else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Each signs for oneself, while it is one's turn; the time is stamped."""
        if not self.env.su:
            if vals.keys() & {*STAMPS, "submitted_on", "extra_days_a", "extra_days_b"}:
                raise AccessError(self.env._("Times and extensions are recorded by themselves."))
            signed = vals.keys() & SIGNATURES.keys()
            for name in signed:
                if not all(archive._may_sign(name) for archive in self):
                    raise AccessError(self.env._("Each signs for oneself, when it is one's turn."))
            if signed:
                now = fields.Datetime.now()
                vals = {**vals, **{f"{name}_on": vals[name] and now for name in signed}}
        return super().write(vals)

    def _missing_signature(self, name):
        if self.company_id.archive_signature_required and not self[name] and not self._is_system():
            return [self.env._("your signature is missing: draw it on the page “Handover”")]
        return []

    def _signers(self):
        """Return the three who sign the inventory: label, name, drawn signature, time."""
        self.ensure_one()
        return [
            {"label": label, "name": user.name or "", "signature": self[field], "on": on}
            for label, user, field, on in (
                (self.env._("A: responsible"), self.role_a_id, "signature_a", self.signature_a_on),
                (self.env._("B: checker"), self.role_b_id, "signature_b", self.signature_b_on),
                (
                    self.env._("Archivist"),
                    self.archivist_id,
                    "signature_archivist",
                    self.signature_archivist_on,
                ),
            )
        ]
