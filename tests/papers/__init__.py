from . import test_papers, test_import_templates
from . import test_history_import
from . import test_refusal_words
