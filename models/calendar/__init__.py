from . import customer_makeup_day
from . import customer_calendar_year
from . import resource_calendar
