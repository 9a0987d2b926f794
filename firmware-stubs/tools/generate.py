#!/usr/bin/env python3
"""Makes the C header and the C# types of the serial link from protos/link/link.json. Standard library only.

usage: generate.py            writes the files
       generate.py --check    changes nothing; fails with the names of files that are not what the schema gives
"""
import json
import sys

sys.dont_write_bytecode = True
from c_types import c_header, c_text
from csharp_types import FOLDER_OF, csharp, csharp_text
from link_schema import ROOT, SCHEMA, Layout, schema_hash

C_HEADER = ROOT / "firmware-stubs/core/ah_schema.h"
C_TEXT = ROOT / "firmware-stubs/tests/ah_schema_text.h"
CSHARP = ROOT / "src/AnalogHil.Devices.Serial/Protocol"
CSHARP_TEXT = CSHARP / "WireTexts.g.cs"


def main():
    schema = json.loads(SCHEMA.read_text())
    enums = {enum["name"]: enum["type"] for enum in schema["enums"]}
    layouts = [Layout(struct, enums) for struct in schema["structs"]]
    digest = schema_hash(schema)
    files = {C_HEADER: c_header(schema, layouts, digest), C_TEXT: c_text(layouts), CSHARP_TEXT: csharp_text(layouts)}
    for name, text in csharp(schema, layouts, digest).items():
        files[CSHARP / FOLDER_OF.get(name.removeprefix("Wire"), "") / f"{name}.g.cs"] = text
    if "--check" in sys.argv[1:]:
        wrong = [str(path.relative_to(ROOT)) for path, text in files.items() if not path.exists() or path.read_text() != text]
        wrong += [str(path.relative_to(ROOT)) for path in CSHARP.rglob("*.g.cs") if path not in files]
        if wrong:
            raise SystemExit("not what the schema gives: " + ", ".join(sorted(wrong)) + "; run firmware-stubs/tools/generate.py")
        print(f"{len(files)} generated files are what the schema gives; schema hash {digest.hex()}")
        return
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(f"wrote {len(files)} files; schema hash {digest.hex()}")


if __name__ == "__main__":
    main()
