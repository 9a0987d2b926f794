"""The C header of the link, and the header of its tests that writes every struct as text."""
from link_schema import NOTE, snake

C_TYPES = {"u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t", "i32": "int32_t", "i64": "int64_t",
           "f32": "float", "f64": "double"}


def c_header(schema, layouts, digest):
    out = [f"/* {NOTE} */", "#ifndef AH_SCHEMA_H", "#define AH_SCHEMA_H", "", "#include <stdint.h>", "#include <string.h>", ""]
    out.append("/* SHA-256 of the schema; the CRC seed of all frames but HELLO is its first four bytes, little-endian. */")
    out.append("#define AH_SCHEMA_HASH { " + ", ".join(f"0x{b:02x}" for b in digest) + " }")
    out.append(f"#define AH_SCHEMA_SEED 0x{int.from_bytes(digest[:4], 'little'):08x}u")
    out.append("")
    for constant in schema["constants"]:
        out += [f"/* {constant['doc']} */", f"#define AH_{constant['name'].upper()} {constant['value']}u"]
    for enum in schema["enums"]:
        out += ["", f"/* {enum['doc']} */", "enum {"]
        for value in enum["values"]:
            out.append(f"    AH_{snake(enum['name']).upper()}_{value['name'].upper()} = {value['value']}, /* {value['doc']} */")
        out.append("};")
    out += ["", C_HELPERS]
    for layout in layouts:
        name = snake(layout.name)
        out += ["", f"/* {layout.doc} */", f"#define AH_{name.upper()}_SIZE {layout.size}u", "typedef struct {"]
        for f in layout.fields:
            if f["array"]:
                out.append(f"    {'char' if f['array'] == 'text' else 'uint8_t'} {f['name']}[{f['size']}]; /* {f['doc']} */")
            else:
                out.append(f"    {C_TYPES[f['base']]} {f['name']}; /* {f['doc']} */")
        out += [f"}} ah_{name};", "", f"static inline void ah_put_{name}(uint8_t *at, const ah_{name} *from)", "{"]
        for f in layout.fields:
            if f["array"]:
                out.append(f"    memcpy(at + {f['offset']}, from->{f['name']}, {f['size']});")
            else:
                out.append(f"    ah_put_{f['base']}(at + {f['offset']}, from->{f['name']});")
        out += ["}", "", f"static inline void ah_get_{name}(const uint8_t *at, ah_{name} *to)", "{"]
        for f in layout.fields:
            if f["array"]:
                out.append(f"    memcpy(to->{f['name']}, at + {f['offset']}, {f['size']});")
            else:
                out.append(f"    to->{f['name']} = ah_get_{f['base']}(at + {f['offset']});")
        out.append("}")
    out += ["", "#endif", ""]
    return "\n".join(out)


C_HELPERS = """static inline void ah_put_u8(uint8_t *at, uint8_t value)
{
    at[0] = value;
}

static inline void ah_put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static inline void ah_put_u32(uint8_t *at, uint32_t value)
{
    ah_put_u16(at, (uint16_t)value);
    ah_put_u16(at + 2, (uint16_t)(value >> 16));
}

static inline void ah_put_u64(uint8_t *at, uint64_t value)
{
    ah_put_u32(at, (uint32_t)value);
    ah_put_u32(at + 4, (uint32_t)(value >> 32));
}

static inline uint8_t ah_get_u8(const uint8_t *at)
{
    return at[0];
}

static inline uint16_t ah_get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t ah_get_u32(const uint8_t *at)
{
    return (uint32_t)ah_get_u16(at) | (uint32_t)ah_get_u16(at + 2) << 16;
}

static inline uint64_t ah_get_u64(const uint8_t *at)
{
    return (uint64_t)ah_get_u32(at) | (uint64_t)ah_get_u32(at + 4) << 32;
}

static inline void ah_put_i32(uint8_t *at, int32_t value)
{
    ah_put_u32(at, (uint32_t)value);
}

static inline void ah_put_i64(uint8_t *at, int64_t value)
{
    ah_put_u64(at, (uint64_t)value);
}

static inline int32_t ah_get_i32(const uint8_t *at)
{
    uint32_t bits = ah_get_u32(at);
    int32_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline int64_t ah_get_i64(const uint8_t *at)
{
    uint64_t bits = ah_get_u64(at);
    int64_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void ah_put_f32(uint8_t *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    ah_put_u32(at, bits);
}

static inline void ah_put_f64(uint8_t *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    ah_put_u64(at, bits);
}

static inline float ah_get_f32(const uint8_t *at)
{
    uint32_t bits = ah_get_u32(at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline double ah_get_f64(const uint8_t *at)
{
    uint64_t bits = ah_get_u64(at);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}"""


def c_text(layouts):
    """For tests: one line of text per struct, floats as bits, so that vectors can name every field."""
    out = [f"/* {NOTE} */", "#ifndef AH_SCHEMA_TEXT_H", "#define AH_SCHEMA_TEXT_H", "", "#include <stdio.h>", "", '#include "ah_schema.h"', "",
           "static inline char *ah_text_bytes(char *to, const void *bytes, int count)", "{",
           "    for (int i = 0; i < count; i++) {", '        to += sprintf(to, "%02x", ((const unsigned char *)bytes)[i]);', "    }", "    return to;", "}"]
    for layout in layouts:
        name = snake(layout.name)
        out += ["", "/* Decodes, encodes again into `again`, and writes every field. */",
                f"static inline void ah_text_{name}(const uint8_t *at, char *to, uint8_t *again)", "{", f"    ah_{name} v;",
                f"    ah_get_{name}(at, &v);", f"    ah_put_{name}(again, &v);"]
        for i, f in enumerate(layout.fields):
            gap = " " if i else ""
            if f["array"]:
                out.append(f'    to += sprintf(to, "{gap}{f["name"]}=");')
                out.append(f'    to = ah_text_bytes(to, v.{f["name"]}, {f["size"]});')
            elif f["base"] in ("f32", "f64"):
                bits = "u32" if f["base"] == "f32" else "u64"
                out.append(f'    to += sprintf(to, "{gap}{f["name"]}=0x%0{2 * f["size"]}llx", (unsigned long long)ah_get_{bits}(again + {f["offset"]}));')
            elif f["base"].startswith("i"):
                out.append(f'    to += sprintf(to, "{gap}{f["name"]}=%lld", (long long)v.{f["name"]});')
            else:
                out.append(f'    to += sprintf(to, "{gap}{f["name"]}=%llu", (unsigned long long)v.{f["name"]});')
        out.append("}")
    out += ["", "typedef struct {", "    const char *name;", "    unsigned size;",
            "    void (*text)(const uint8_t *at, char *to, uint8_t *again);", "} ah_struct_text;", "",
            "static const ah_struct_text ah_struct_texts[] = {"]
    out += [f'    {{ "{layout.name}", {layout.size}, ah_text_{snake(layout.name)} }},' for layout in layouts]
    out += ["};", "", "#endif", ""]
    return "\n".join(out)
