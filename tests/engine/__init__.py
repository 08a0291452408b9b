from . import test_archive_engine
from . import test_archive_upload_engine
from . import test_periods, test_range_tables, test_scoring, test_tiering
from . import test_lifecycle_engine
from . import test_matching
from . import test_windows
from . import test_repeats
from . import test_calendar_year, test_sla_clock, test_sla_ledger, test_sla_policy_engine
from . import test_complaint_figures_engine, test_provider_period_engine
from . import test_collection_engine
from . import test_credit_check_engine
from . import test_archive_custody_engine
from . import test_retention_engine
from . import test_handover_engine
