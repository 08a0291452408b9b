"""Who is a customer of a company: one subselect that metrics, segments, lifecycle and reviews agree
on.
"""

from odoo.tools import SQL

from .companies import family


def customers(company_id: int, company_path: tuple[int, ...], partners: SQL | None = None) -> SQL:
    """Select ``partner_id`` of the customers of a company.

    A customer is an active commercial partner the company can see (its own, one of a parent
    company or a branch, or shared). A pure supplier, the partner of a company of this database and the partner
    of an employee are no customers unless there is business: a customer rank, an order of this
    company or an opportunity. Bare contacts count: they are prospects, the lifecycle says so.

    :param company_path: the company and its parents, whose partners it may use
    :param partners: subselect of commercial partner ids to stay within, None for all
    """
    return SQL(
        """
        SELECT p.id AS partner_id
          FROM res_partner p
         WHERE p.commercial_partner_id = p.id
           AND p.active
           AND (p.company_id IS NULL OR p.company_id IN %(company_path)s
                OR p.company_id = ANY(%(family)s))
           %(only)s
           AND (
                p.customer_rank > 0
                OR NOT (
                    COALESCE(p.supplier_rank, 0) > 0
                    OR p.id IN (SELECT partner_id FROM res_company)
                    OR p.id IN (
                        SELECT up.commercial_partner_id
                          FROM res_users u JOIN res_partner up ON up.id = u.partner_id
                         WHERE NOT u.share AND up.commercial_partner_id = up.id
                    )
                )
                OR p.id IN (
                    SELECT op.commercial_partner_id
                      FROM sale_order o JOIN res_partner op ON op.id = o.partner_id
                     WHERE o.company_id = ANY(%(family)s) AND o.state != 'cancel'
                )
                OR p.id IN (
                    SELECT lp.commercial_partner_id
                      FROM crm_lead l JOIN res_partner lp ON lp.id = l.partner_id
                     WHERE l.company_id = ANY(%(family)s) OR l.company_id IS NULL
                )
           )
           AND p.id NOT IN (SELECT partner_id FROM res_company WHERE id = ANY(%(family)s))
        """,
        family=family(company_id),
        company_path=company_path,
        only=SQL() if partners is None else SQL("AND p.id IN (%s)", partners),
    )


def commercial_partners(partner_ids: tuple[int, ...]) -> SQL:
    """Select the ids of the commercial partners of some partners."""
    return SQL("SELECT commercial_partner_id FROM res_partner WHERE id IN %s", partner_ids or (0,))
