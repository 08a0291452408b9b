from odoo import SUPERUSER_ID, models


class CustomerArchive(models.Model):
    """The way of a dossier: A compiles, B checks, the archivist accepts."""

    _inherit = "customer.archive"

    def _is_system(self):
        """Whether the database's own user acts: loading of an old archive; nobody over RPC."""
        return self.env.su and self.env.uid == SUPERUSER_ID

    def _is_archivist(self):
        return self.env.su or self.env.user.has_group("customer_governance.group_archivist")

    def _guard_submit(self):
        """Return why A cannot hand the dossier to B."""
        self.ensure_one()
        reasons = []
        if not self.role_b_id:
            reasons.append(self.env._("nobody is named as B, who checks it"))
        if not self._is_system() and self.env.user != self.role_a_id:
            reasons.append(self.env._("only A, %s, hands it over", self.role_a_id.name))
        return reasons

    def _guard_check(self):
        """Return why B cannot pass the dossier to the archive."""
        self.ensure_one()
        if not self._is_system() and self.env.user != self.role_b_id:
            return [self.env._("only B, %s, checks it", self.role_b_id.name)]
        return []

    def _guard_accept(self):
        """Return why the archive cannot accept the dossier."""
        self.ensure_one()
        if not self._is_system() and self.env.user in self.role_a_id | self.role_b_id:
            return [self.env._("A and B do not accept their own dossier: ask another archivist")]
        return []

    def _guard_send_back(self):
        """Return why the dossier cannot go back to A."""
        self.ensure_one()
        if self._is_system():
            return []
        if self.state == "checking" and self.env.user != self.role_b_id:
            return [self.env._("only B, %s, sends it back now", self.role_b_id.name)]
        if self.state == "handover" and not self._is_archivist():
            return [self.env._("only an archivist sends it back now")]
        return []

    def action_submit(self):
        """A hands the dossier to B."""
        return self._transition("submit")

    def action_check(self):
        """B passes the dossier to the archive."""
        return self._transition("check")

    def action_send_back(self):
        """B or the archivist sends the dossier back to A."""
        return self._transition("send_back")

    def action_accept(self):
        """The archivist accepts the dossier: it gets its number and stays as it is."""
        return self._transition("accept")

    def _after_transition(self, transition):
        """EXTENDS transition mixin: an accepted dossier gets its numbers."""
        result = super()._after_transition(transition)
        if transition.name == "accept":
            for archive in self:
                archive._give_number()
        return result

    def _give_number(self):
        """Give the numbers of the dossier and of its documents."""
        self.ensure_one()
        today = self.company_id._customer_today()
        archive_class = self.class_id
        number = self._next_number(
            "customer.archive",
            archive_class.number_pattern,
            today,
            company=self.company_id,
            **{"class": archive_class.code},
        )
        # sudo: facts that follow from the acceptance, whose right was checked
        archive = self.sudo()._thawed()
        archive.write(
            {
                "name": number,
                "registered_on": today,
                "archivist_id": (self.archivist_id or self.env.user).id,
            }
        )
        archive.document_ids._give_numbers()
