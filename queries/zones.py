"""Which day it is in each company: `res.company._customer_timezone` in SQL."""

from odoo.tools import SQL


def company_zones() -> SQL:
    """Select (company_id, tz) of all companies; branches have the zone of their company."""
    return SQL(
        """
        SELECT company.id AS company_id, COALESCE(root.customer_tz, hours.tz, 'UTC') AS tz
          FROM res_company company
          JOIN res_company root ON root.id = split_part(company.parent_path, '/', 1)::int
          LEFT JOIN resource_calendar hours ON hours.id = root.resource_calendar_id
        """
    )


def local_day(moment: SQL, zone: SQL) -> SQL:
    """Return the local date of an instant (naive UTC)."""
    return SQL("(%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)
