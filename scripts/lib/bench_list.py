"""List the benchmarks of a folder: modules with a `main`, and the first line of their doc."""

import ast
import sys
from pathlib import Path

for path in sorted(Path(sys.argv[1]).glob("*.py")):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
        doc = ast.get_docstring(tree) or ""
        print(f"  {path.stem:24} {doc.splitlines()[0] if doc else ''}")
