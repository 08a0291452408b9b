from odoo import api, models


class CustomerArchive(models.Model):
    """Contracts and invoices come from their own forms in one click."""

    _inherit = "customer.archive"

    @api.model
    def _file_document(self, source, customer, name, requirement, content, order=None):
        """File a PDF of a business document in the customer's transaction dossier.

        The draft dossier of the order is used; without one a new draft is made for the caller.
        Filed again the file is replaced, as long as the dossier was not handed over.

        :param source: the record the PDF is of
        :param content: function that returns the PDF as bytes; called only where it is needed
        :return: the dossier
        """
        Document = self.env["customer.archive.document"]
        filed = Document.search(
            [("source_model", "=", source._name), ("source_id", "=", source.id)],
            order="id desc",
            limit=1,
        )
        archive = filed.archive_id
        if filed and archive.state != "draft":
            return archive
        if not filed:
            archive = self._transaction_dossier(customer, source.company_id, order)
            # sudo: where it comes from is written by code of ours only; the dossier is the caller's
            filed = Document.sudo().create(
                {
                    "archive_id": archive.id,
                    "name": name,
                    "requirement_id": requirement.id,
                    "medium": "electronic",
                    "is_original": False,
                    "source_model": source._name,
                    "source_id": source.id,
                }
            )
        filed = filed.sudo()
        filed.attachment_ids.unlink()
        filed.attachment_ids = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{name.replace('/', '-')}.pdf",
                    "raw": content(),
                    "mimetype": "application/pdf",
                }
            )
        )
        return archive

    @api.model
    def _transaction_dossier(self, customer, company, order):
        """Return the open transaction dossier of the order, or a new one of the caller."""
        archive_class = self.env.ref("customer_governance.archive_class_trade")
        if order:
            found = self.search(
                [
                    ("class_id", "=", archive_class.id),
                    ("order_id", "=", order.id),
                    ("state", "=", "draft"),
                ],
                limit=1,
            )
            if found:
                return found
        return self.with_company(company).create(
            {
                "title": order.name if order else customer.name,
                "class_id": archive_class.id,
                "partner_id": customer.id,
                "company_id": company.id,
                "order_id": order.id if order else False,
                "contract_ref": order.client_order_ref if order else False,
            }
        )

    def _action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.archive",
            "res_id": self.id,
            "view_mode": "form",
        }
