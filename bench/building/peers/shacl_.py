"""The Rust crate `shacl` by its Python binding: DATA.nt SHAPES.nt"""

import json
import sys

import shacl

if __name__ == "__main__":
    data, shapes = sys.argv[1:]
    report = shacl.Shapes.from_file(shapes).validate_file(data)
    print(json.dumps({"results": len(report)}))
