from . import customer_working_calendar
from . import res_company
from . import customer_makeup_day
from . import customer_calendar_year
from . import resource_calendar
