from . import test_collection_disputes
from . import test_collection_merge
from . import test_collection_papers
from . import test_collection_promises
from . import test_collection_rights
from . import test_collection_run
from . import test_collection_tours
from . import test_collection_workers
